// Written by scripts/generate-sqlstates from docs/sqlstates.txt.

extension SQLState.Class {
    /// 00: `successful_completion`
    public static let successfulCompletion: SQLState.Class = "00"
    /// 01: `warning`
    public static let warning: SQLState.Class = "01"
    /// 02: `no_data`
    public static let noData: SQLState.Class = "02"
    /// 03: `sql_statement_not_yet_complete`
    public static let sqlStatementNotYetComplete: SQLState.Class = "03"
    /// 08: `connection_exception`
    public static let connectionException: SQLState.Class = "08"
    /// 09: `triggered_action_exception`
    public static let triggeredActionException: SQLState.Class = "09"
    /// 0A: `feature_not_supported`
    public static let featureNotSupported: SQLState.Class = "0A"
    /// 0B: `invalid_transaction_initiation`
    public static let invalidTransactionInitiation: SQLState.Class = "0B"
    /// 0F: `locator_exception`
    public static let locatorException: SQLState.Class = "0F"
    /// 0L: `invalid_grantor`
    public static let invalidGrantor: SQLState.Class = "0L"
    /// 0P: `invalid_role_specification`
    public static let invalidRoleSpecification: SQLState.Class = "0P"
    /// 0Z: `diagnostics_exception`
    public static let diagnosticsException: SQLState.Class = "0Z"
    /// 10: `xquery_error`
    public static let xQueryError: SQLState.Class = "10"
    /// 20: `case_not_found`
    public static let caseNotFound: SQLState.Class = "20"
    /// 21: `cardinality_violation`
    public static let cardinalityViolation: SQLState.Class = "21"
    /// 22: `data_exception`
    public static let dataException: SQLState.Class = "22"
    /// 23: `integrity_constraint_violation`
    public static let integrityConstraintViolation: SQLState.Class = "23"
    /// 24: `invalid_cursor_state`
    public static let invalidCursorState: SQLState.Class = "24"
    /// 25: `invalid_transaction_state`
    public static let invalidTransactionState: SQLState.Class = "25"
    /// 26: `invalid_sql_statement_name`
    public static let invalidSQLStatementName: SQLState.Class = "26"
    /// 27: `triggered_data_change_violation`
    public static let triggeredDataChangeViolation: SQLState.Class = "27"
    /// 28: `invalid_authorization_specification`
    public static let invalidAuthorizationSpecification: SQLState.Class = "28"
    /// 2B: `dependent_privilege_descriptors_still_exist`
    public static let dependentPrivilegeDescriptorsStillExist: SQLState.Class = "2B"
    /// 2D: `invalid_transaction_termination`
    public static let invalidTransactionTermination: SQLState.Class = "2D"
    /// 2F: `sql_routine_exception`
    public static let sqlRoutineException: SQLState.Class = "2F"
    /// 34: `invalid_cursor_name`
    public static let invalidCursorName: SQLState.Class = "34"
    /// 38: `external_routine_exception`
    public static let externalRoutineException: SQLState.Class = "38"
    /// 39: `external_routine_invocation_exception`
    public static let externalRoutineInvocationException: SQLState.Class = "39"
    /// 3B: `savepoint_exception`
    public static let savepointException: SQLState.Class = "3B"
    /// 3D: `invalid_catalog_name`
    public static let invalidCatalogName: SQLState.Class = "3D"
    /// 3F: `invalid_schema_name`
    public static let invalidSchemaName: SQLState.Class = "3F"
    /// 40: `transaction_rollback`
    public static let transactionRollback: SQLState.Class = "40"
    /// 42: `syntax_error_or_access_rule_violation`
    public static let syntaxErrorOrAccessRuleViolation: SQLState.Class = "42"
    /// 44: `with_check_option_violation`
    public static let withCheckOptionViolation: SQLState.Class = "44"
    /// 53: `insufficient_resources`
    public static let insufficientResources: SQLState.Class = "53"
    /// 54: `program_limit_exceeded`
    public static let programLimitExceeded: SQLState.Class = "54"
    /// 55: `object_not_in_prerequisite_state`
    public static let objectNotInPrerequisiteState: SQLState.Class = "55"
    /// 57: `operator_intervention`
    public static let operatorIntervention: SQLState.Class = "57"
    /// 58: `system_error`
    public static let systemError: SQLState.Class = "58"
    /// 72: `snapshot_failure`
    public static let snapshotFailure: SQLState.Class = "72"
    /// F0: `config_file_error`
    public static let configFileError: SQLState.Class = "F0"
    /// HV: `fdw_error`
    public static let fdwError: SQLState.Class = "HV"
    /// P0: `plpgsql_error`
    public static let plpgsqlError: SQLState.Class = "P0"
    /// XX: `internal_error`
    public static let internalError: SQLState.Class = "XX"
}
