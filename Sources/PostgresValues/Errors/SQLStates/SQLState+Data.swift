// Written by scripts/generate-sqlstates from docs/sqlstates.txt.

// The classes 22 to 23.
extension SQLState {
    /// 22000: `data_exception`
    public static let dataException: SQLState = "22000"
    /// 22001: `string_data_right_truncation`
    public static let stringDataRightTruncation: SQLState = "22001"
    /// 22002: `null_value_no_indicator_parameter`
    public static let nullValueNoIndicatorParameter: SQLState = "22002"
    /// 22003: `numeric_value_out_of_range`
    public static let numericValueOutOfRange: SQLState = "22003"
    /// 22004: `null_value_not_allowed`
    public static let nullValueNotAllowed: SQLState = "22004"
    /// 22005: `error_in_assignment`
    public static let errorInAssignment: SQLState = "22005"
    /// 22007: `invalid_datetime_format`
    public static let invalidDatetimeFormat: SQLState = "22007"
    /// 22008: `datetime_field_overflow`
    public static let datetimeFieldOverflow: SQLState = "22008"
    /// 22009: `invalid_time_zone_displacement_value`
    public static let invalidTimeZoneDisplacementValue: SQLState = "22009"
    /// 2200B: `escape_character_conflict`
    public static let escapeCharacterConflict: SQLState = "2200B"
    /// 2200C: `invalid_use_of_escape_character`
    public static let invalidUseOfEscapeCharacter: SQLState = "2200C"
    /// 2200D: `invalid_escape_octet`
    public static let invalidEscapeOctet: SQLState = "2200D"
    /// 2200F: `zero_length_character_string`
    public static let zeroLengthCharacterString: SQLState = "2200F"
    /// 2200G: `most_specific_type_mismatch`
    public static let mostSpecificTypeMismatch: SQLState = "2200G"
    /// 2200H: `sequence_generator_limit_exceeded`
    public static let sequenceGeneratorLimitExceeded: SQLState = "2200H"
    /// 2200L: `not_an_xml_document`
    public static let notAnXMLDocument: SQLState = "2200L"
    /// 2200M: `invalid_xml_document`
    public static let invalidXMLDocument: SQLState = "2200M"
    /// 2200N: `invalid_xml_content`
    public static let invalidXMLContent: SQLState = "2200N"
    /// 2200S: `invalid_xml_comment`
    public static let invalidXMLComment: SQLState = "2200S"
    /// 2200T: `invalid_xml_processing_instruction`
    public static let invalidXMLProcessingInstruction: SQLState = "2200T"
    /// 22010: `invalid_indicator_parameter_value`
    public static let invalidIndicatorParameterValue: SQLState = "22010"
    /// 22011: `substring_error`
    public static let substringError: SQLState = "22011"
    /// 22012: `division_by_zero`
    public static let divisionByZero: SQLState = "22012"
    /// 22013: `invalid_preceding_or_following_size`
    public static let invalidPrecedingOrFollowingSize: SQLState = "22013"
    /// 22014: `invalid_argument_for_ntile_function`
    public static let invalidArgumentForNtileFunction: SQLState = "22014"
    /// 22015: `interval_field_overflow`
    public static let intervalFieldOverflow: SQLState = "22015"
    /// 22016: `invalid_argument_for_nth_value_function`
    public static let invalidArgumentForNthValueFunction: SQLState = "22016"
    /// 22018: `invalid_character_value_for_cast`
    public static let invalidCharacterValueForCast: SQLState = "22018"
    /// 22019: `invalid_escape_character`
    public static let invalidEscapeCharacter: SQLState = "22019"
    /// 2201B: `invalid_regular_expression`
    public static let invalidRegularExpression: SQLState = "2201B"
    /// 2201E: `invalid_argument_for_logarithm`
    public static let invalidArgumentForLogarithm: SQLState = "2201E"
    /// 2201F: `invalid_argument_for_power_function`
    public static let invalidArgumentForPowerFunction: SQLState = "2201F"
    /// 2201G: `invalid_argument_for_width_bucket_function`
    public static let invalidArgumentForWidthBucketFunction: SQLState = "2201G"
    /// 2201W: `invalid_row_count_in_limit_clause`
    public static let invalidRowCountInLimitClause: SQLState = "2201W"
    /// 2201X: `invalid_row_count_in_result_offset_clause`
    public static let invalidRowCountInResultOffsetClause: SQLState = "2201X"
    /// 22021: `character_not_in_repertoire`
    public static let characterNotInRepertoire: SQLState = "22021"
    /// 22022: `indicator_overflow`
    public static let indicatorOverflow: SQLState = "22022"
    /// 22023: `invalid_parameter_value`
    public static let invalidParameterValue: SQLState = "22023"
    /// 22024: `unterminated_c_string`
    public static let unterminatedCString: SQLState = "22024"
    /// 22025: `invalid_escape_sequence`
    public static let invalidEscapeSequence: SQLState = "22025"
    /// 22026: `string_data_length_mismatch`
    public static let stringDataLengthMismatch: SQLState = "22026"
    /// 22027: `trim_error`
    public static let trimError: SQLState = "22027"
    /// 2202E: `array_subscript_error`
    public static let arraySubscriptError: SQLState = "2202E"
    /// 2202G: `invalid_tablesample_repeat`
    public static let invalidTablesampleRepeat: SQLState = "2202G"
    /// 2202H: `invalid_tablesample_argument`
    public static let invalidTablesampleArgument: SQLState = "2202H"
    /// 22030: `duplicate_json_object_key_value`
    public static let duplicateJSONObjectKeyValue: SQLState = "22030"
    /// 22031: `invalid_argument_for_sql_json_datetime_function`
    public static let invalidArgumentForSQLJSONDatetimeFunction: SQLState = "22031"
    /// 22032: `invalid_json_text`
    public static let invalidJSONText: SQLState = "22032"
    /// 22033: `invalid_sql_json_subscript`
    public static let invalidSQLJSONSubscript: SQLState = "22033"
    /// 22034: `more_than_one_sql_json_item`
    public static let moreThanOneSQLJSONItem: SQLState = "22034"
    /// 22035: `no_sql_json_item`
    public static let noSQLJSONItem: SQLState = "22035"
    /// 22036: `non_numeric_sql_json_item`
    public static let nonNumericSQLJSONItem: SQLState = "22036"
    /// 22037: `non_unique_keys_in_a_json_object`
    public static let nonUniqueKeysInAJSONObject: SQLState = "22037"
    /// 22038: `singleton_sql_json_item_required`
    public static let singletonSQLJSONItemRequired: SQLState = "22038"
    /// 22039: `sql_json_array_not_found`
    public static let sqlJSONArrayNotFound: SQLState = "22039"
    /// 2203A: `sql_json_member_not_found`
    public static let sqlJSONMemberNotFound: SQLState = "2203A"
    /// 2203B: `sql_json_number_not_found`
    public static let sqlJSONNumberNotFound: SQLState = "2203B"
    /// 2203C: `sql_json_object_not_found`
    public static let sqlJSONObjectNotFound: SQLState = "2203C"
    /// 2203D: `too_many_json_array_elements`
    public static let tooManyJSONArrayElements: SQLState = "2203D"
    /// 2203E: `too_many_json_object_members`
    public static let tooManyJSONObjectMembers: SQLState = "2203E"
    /// 2203F: `sql_json_scalar_required`
    public static let sqlJSONScalarRequired: SQLState = "2203F"
    /// 2203G: `sql_json_item_cannot_be_cast_to_target_type`
    public static let sqlJSONItemCannotBeCastToTargetType: SQLState = "2203G"
    /// 22P01: `floating_point_exception`
    public static let floatingPointException: SQLState = "22P01"
    /// 22P02: `invalid_text_representation`
    public static let invalidTextRepresentation: SQLState = "22P02"
    /// 22P03: `invalid_binary_representation`
    public static let invalidBinaryRepresentation: SQLState = "22P03"
    /// 22P04: `bad_copy_file_format`
    public static let badCopyFileFormat: SQLState = "22P04"
    /// 22P05: `untranslatable_character`
    public static let untranslatableCharacter: SQLState = "22P05"
    /// 22P06: `nonstandard_use_of_escape_character`
    public static let nonstandardUseOfEscapeCharacter: SQLState = "22P06"
    /// 23000: `integrity_constraint_violation`
    public static let integrityConstraintViolation: SQLState = "23000"
    /// 23001: `restrict_violation`
    public static let restrictViolation: SQLState = "23001"
    /// 23502: `not_null_violation`
    public static let notNullViolation: SQLState = "23502"
    /// 23503: `foreign_key_violation`
    public static let foreignKeyViolation: SQLState = "23503"
    /// 23505: `unique_violation`
    public static let uniqueViolation: SQLState = "23505"
    /// 23514: `check_violation`
    public static let checkViolation: SQLState = "23514"
    /// 23P01: `exclusion_violation`
    public static let exclusionViolation: SQLState = "23P01"
}
