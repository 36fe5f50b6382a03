// Written by scripts/generate-sqlstates from docs/sqlstates.txt.

// The classes 00 to 21.
extension SQLState {
    /// 00000: `successful_completion`
    public static let successfulCompletion: SQLState = "00000"
    /// 01000: `warning`
    public static let warning: SQLState = "01000"
    /// 01003: `null_value_eliminated_in_set_function`
    public static let nullValueEliminatedInSetFunction: SQLState = "01003"
    /// 01004: `string_data_right_truncation`
    public static let warningStringDataRightTruncation: SQLState = "01004"
    /// 01006: `privilege_not_revoked`
    public static let privilegeNotRevoked: SQLState = "01006"
    /// 01007: `privilege_not_granted`
    public static let privilegeNotGranted: SQLState = "01007"
    /// 01008: `implicit_zero_bit_padding`
    public static let implicitZeroBitPadding: SQLState = "01008"
    /// 0100C: `dynamic_result_sets_returned`
    public static let dynamicResultSetsReturned: SQLState = "0100C"
    /// 01P01: `deprecated_feature`
    public static let deprecatedFeature: SQLState = "01P01"
    /// 02000: `no_data`
    public static let noData: SQLState = "02000"
    /// 02001: `no_additional_dynamic_result_sets_returned`
    public static let noAdditionalDynamicResultSetsReturned: SQLState = "02001"
    /// 03000: `sql_statement_not_yet_complete`
    public static let sqlStatementNotYetComplete: SQLState = "03000"
    /// 08000: `connection_exception`
    public static let connectionException: SQLState = "08000"
    /// 08001: `sqlclient_unable_to_establish_sqlconnection`
    public static let sqlClientUnableToEstablishSQLConnection: SQLState = "08001"
    /// 08003: `connection_does_not_exist`
    public static let connectionDoesNotExist: SQLState = "08003"
    /// 08004: `sqlserver_rejected_establishment_of_sqlconnection`
    public static let sqlServerRejectedEstablishmentOfSQLConnection: SQLState = "08004"
    /// 08006: `connection_failure`
    public static let connectionFailure: SQLState = "08006"
    /// 08007: `transaction_resolution_unknown`
    public static let transactionResolutionUnknown: SQLState = "08007"
    /// 08P01: `protocol_violation`
    public static let protocolViolation: SQLState = "08P01"
    /// 09000: `triggered_action_exception`
    public static let triggeredActionException: SQLState = "09000"
    /// 0A000: `feature_not_supported`
    public static let featureNotSupported: SQLState = "0A000"
    /// 0B000: `invalid_transaction_initiation`
    public static let invalidTransactionInitiation: SQLState = "0B000"
    /// 0F000: `locator_exception`
    public static let locatorException: SQLState = "0F000"
    /// 0F001: `invalid_locator_specification`
    public static let invalidLocatorSpecification: SQLState = "0F001"
    /// 0L000: `invalid_grantor`
    public static let invalidGrantor: SQLState = "0L000"
    /// 0LP01: `invalid_grant_operation`
    public static let invalidGrantOperation: SQLState = "0LP01"
    /// 0P000: `invalid_role_specification`
    public static let invalidRoleSpecification: SQLState = "0P000"
    /// 0Z000: `diagnostics_exception`
    public static let diagnosticsException: SQLState = "0Z000"
    /// 0Z002: `stacked_diagnostics_accessed_without_active_handler`
    public static let stackedDiagnosticsAccessedWithoutActiveHandler: SQLState = "0Z002"
    /// 10608: `invalid_argument_for_xquery`
    public static let invalidArgumentForXQuery: SQLState = "10608"
    /// 20000: `case_not_found`
    public static let caseNotFound: SQLState = "20000"
    /// 21000: `cardinality_violation`
    public static let cardinalityViolation: SQLState = "21000"
}
