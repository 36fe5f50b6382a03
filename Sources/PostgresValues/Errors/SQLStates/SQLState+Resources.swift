// Written by scripts/generate-sqlstates from docs/sqlstates.txt.

// The classes 53 to XX.
extension SQLState {
    /// 53000: `insufficient_resources`
    public static let insufficientResources: SQLState = "53000"
    /// 53100: `disk_full`
    public static let diskFull: SQLState = "53100"
    /// 53200: `out_of_memory`
    public static let outOfMemory: SQLState = "53200"
    /// 53300: `too_many_connections`
    public static let tooManyConnections: SQLState = "53300"
    /// 53400: `configuration_limit_exceeded`
    public static let configurationLimitExceeded: SQLState = "53400"
    /// 54000: `program_limit_exceeded`
    public static let programLimitExceeded: SQLState = "54000"
    /// 54001: `statement_too_complex`
    public static let statementTooComplex: SQLState = "54001"
    /// 54011: `too_many_columns`
    public static let tooManyColumns: SQLState = "54011"
    /// 54023: `too_many_arguments`
    public static let tooManyArguments: SQLState = "54023"
    /// 55000: `object_not_in_prerequisite_state`
    public static let objectNotInPrerequisiteState: SQLState = "55000"
    /// 55006: `object_in_use`
    public static let objectInUse: SQLState = "55006"
    /// 55P02: `cant_change_runtime_param`
    public static let cantChangeRuntimeParam: SQLState = "55P02"
    /// 55P03: `lock_not_available`
    public static let lockNotAvailable: SQLState = "55P03"
    /// 55P04: `unsafe_new_enum_value_usage`
    public static let unsafeNewEnumValueUsage: SQLState = "55P04"
    /// 57000: `operator_intervention`
    public static let operatorIntervention: SQLState = "57000"
    /// 57014: `query_canceled`
    public static let queryCanceled: SQLState = "57014"
    /// 57P01: `admin_shutdown`
    public static let adminShutdown: SQLState = "57P01"
    /// 57P02: `crash_shutdown`
    public static let crashShutdown: SQLState = "57P02"
    /// 57P03: `cannot_connect_now`
    public static let cannotConnectNow: SQLState = "57P03"
    /// 57P04: `database_dropped`
    public static let databaseDropped: SQLState = "57P04"
    /// 57P05: `idle_session_timeout`
    public static let idleSessionTimeout: SQLState = "57P05"
    /// 58000: `system_error`
    public static let systemError: SQLState = "58000"
    /// 58030: `io_error`
    public static let ioError: SQLState = "58030"
    /// 58P01: `undefined_file`
    public static let undefinedFile: SQLState = "58P01"
    /// 58P02: `duplicate_file`
    public static let duplicateFile: SQLState = "58P02"
    /// 58P03: `file_name_too_long`
    public static let fileNameTooLong: SQLState = "58P03"
    /// 72000: `snapshot_too_old`
    public static let snapshotTooOld: SQLState = "72000"
    /// F0000: `config_file_error`
    public static let configFileError: SQLState = "F0000"
    /// F0001: `lock_file_exists`
    public static let lockFileExists: SQLState = "F0001"
    /// HV000: `fdw_error`
    public static let fdwError: SQLState = "HV000"
    /// HV001: `fdw_out_of_memory`
    public static let fdwOutOfMemory: SQLState = "HV001"
    /// HV002: `fdw_dynamic_parameter_value_needed`
    public static let fdwDynamicParameterValueNeeded: SQLState = "HV002"
    /// HV004: `fdw_invalid_data_type`
    public static let fdwInvalidDataType: SQLState = "HV004"
    /// HV005: `fdw_column_name_not_found`
    public static let fdwColumnNameNotFound: SQLState = "HV005"
    /// HV006: `fdw_invalid_data_type_descriptors`
    public static let fdwInvalidDataTypeDescriptors: SQLState = "HV006"
    /// HV007: `fdw_invalid_column_name`
    public static let fdwInvalidColumnName: SQLState = "HV007"
    /// HV008: `fdw_invalid_column_number`
    public static let fdwInvalidColumnNumber: SQLState = "HV008"
    /// HV009: `fdw_invalid_use_of_null_pointer`
    public static let fdwInvalidUseOfNullPointer: SQLState = "HV009"
    /// HV00A: `fdw_invalid_string_format`
    public static let fdwInvalidStringFormat: SQLState = "HV00A"
    /// HV00B: `fdw_invalid_handle`
    public static let fdwInvalidHandle: SQLState = "HV00B"
    /// HV00C: `fdw_invalid_option_index`
    public static let fdwInvalidOptionIndex: SQLState = "HV00C"
    /// HV00D: `fdw_invalid_option_name`
    public static let fdwInvalidOptionName: SQLState = "HV00D"
    /// HV00J: `fdw_option_name_not_found`
    public static let fdwOptionNameNotFound: SQLState = "HV00J"
    /// HV00K: `fdw_reply_handle`
    public static let fdwReplyHandle: SQLState = "HV00K"
    /// HV00L: `fdw_unable_to_create_execution`
    public static let fdwUnableToCreateExecution: SQLState = "HV00L"
    /// HV00M: `fdw_unable_to_create_reply`
    public static let fdwUnableToCreateReply: SQLState = "HV00M"
    /// HV00N: `fdw_unable_to_establish_connection`
    public static let fdwUnableToEstablishConnection: SQLState = "HV00N"
    /// HV00P: `fdw_no_schemas`
    public static let fdwNoSchemas: SQLState = "HV00P"
    /// HV00Q: `fdw_schema_not_found`
    public static let fdwSchemaNotFound: SQLState = "HV00Q"
    /// HV00R: `fdw_table_not_found`
    public static let fdwTableNotFound: SQLState = "HV00R"
    /// HV010: `fdw_function_sequence_error`
    public static let fdwFunctionSequenceError: SQLState = "HV010"
    /// HV014: `fdw_too_many_handles`
    public static let fdwTooManyHandles: SQLState = "HV014"
    /// HV021: `fdw_inconsistent_descriptor_information`
    public static let fdwInconsistentDescriptorInformation: SQLState = "HV021"
    /// HV024: `fdw_invalid_attribute_value`
    public static let fdwInvalidAttributeValue: SQLState = "HV024"
    /// HV090: `fdw_invalid_string_length_or_buffer_length`
    public static let fdwInvalidStringLengthOrBufferLength: SQLState = "HV090"
    /// HV091: `fdw_invalid_descriptor_field_identifier`
    public static let fdwInvalidDescriptorFieldIdentifier: SQLState = "HV091"
    /// P0000: `plpgsql_error`
    public static let plpgsqlError: SQLState = "P0000"
    /// P0001: `raise_exception`
    public static let raiseException: SQLState = "P0001"
    /// P0002: `no_data_found`
    public static let noDataFound: SQLState = "P0002"
    /// P0003: `too_many_rows`
    public static let tooManyRows: SQLState = "P0003"
    /// P0004: `assert_failure`
    public static let assertFailure: SQLState = "P0004"
    /// XX000: `internal_error`
    public static let internalError: SQLState = "XX000"
    /// XX001: `data_corrupted`
    public static let dataCorrupted: SQLState = "XX001"
    /// XX002: `index_corrupted`
    public static let indexCorrupted: SQLState = "XX002"
}
