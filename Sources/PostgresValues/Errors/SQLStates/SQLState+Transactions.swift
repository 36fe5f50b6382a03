// Written by scripts/generate-sqlstates from docs/sqlstates.txt.

// The classes 24 to 40.
extension SQLState {
    /// 24000: `invalid_cursor_state`
    public static let invalidCursorState: SQLState = "24000"
    /// 25000: `invalid_transaction_state`
    public static let invalidTransactionState: SQLState = "25000"
    /// 25001: `active_sql_transaction`
    public static let activeSQLTransaction: SQLState = "25001"
    /// 25002: `branch_transaction_already_active`
    public static let branchTransactionAlreadyActive: SQLState = "25002"
    /// 25003: `inappropriate_access_mode_for_branch_transaction`
    public static let inappropriateAccessModeForBranchTransaction: SQLState = "25003"
    /// 25004: `inappropriate_isolation_level_for_branch_transaction`
    public static let inappropriateIsolationLevelForBranchTransaction: SQLState = "25004"
    /// 25005: `no_active_sql_transaction_for_branch_transaction`
    public static let noActiveSQLTransactionForBranchTransaction: SQLState = "25005"
    /// 25006: `read_only_sql_transaction`
    public static let readOnlySQLTransaction: SQLState = "25006"
    /// 25007: `schema_and_data_statement_mixing_not_supported`
    public static let schemaAndDataStatementMixingNotSupported: SQLState = "25007"
    /// 25008: `held_cursor_requires_same_isolation_level`
    public static let heldCursorRequiresSameIsolationLevel: SQLState = "25008"
    /// 25P01: `no_active_sql_transaction`
    public static let noActiveSQLTransaction: SQLState = "25P01"
    /// 25P02: `in_failed_sql_transaction`
    public static let inFailedSQLTransaction: SQLState = "25P02"
    /// 25P03: `idle_in_transaction_session_timeout`
    public static let idleInTransactionSessionTimeout: SQLState = "25P03"
    /// 25P04: `transaction_timeout`
    public static let transactionTimeout: SQLState = "25P04"
    /// 26000: `invalid_sql_statement_name`
    public static let invalidSQLStatementName: SQLState = "26000"
    /// 27000: `triggered_data_change_violation`
    public static let triggeredDataChangeViolation: SQLState = "27000"
    /// 28000: `invalid_authorization_specification`
    public static let invalidAuthorizationSpecification: SQLState = "28000"
    /// 28P01: `invalid_password`
    public static let invalidPassword: SQLState = "28P01"
    /// 2B000: `dependent_privilege_descriptors_still_exist`
    public static let dependentPrivilegeDescriptorsStillExist: SQLState = "2B000"
    /// 2BP01: `dependent_objects_still_exist`
    public static let dependentObjectsStillExist: SQLState = "2BP01"
    /// 2D000: `invalid_transaction_termination`
    public static let invalidTransactionTermination: SQLState = "2D000"
    /// 2F000: `sql_routine_exception`
    public static let sqlRoutineException: SQLState = "2F000"
    /// 2F002: `modifying_sql_data_not_permitted`
    public static let modifyingSQLDataNotPermitted: SQLState = "2F002"
    /// 2F003: `prohibited_sql_statement_attempted`
    public static let prohibitedSQLStatementAttempted: SQLState = "2F003"
    /// 2F004: `reading_sql_data_not_permitted`
    public static let readingSQLDataNotPermitted: SQLState = "2F004"
    /// 2F005: `function_executed_no_return_statement`
    public static let functionExecutedNoReturnStatement: SQLState = "2F005"
    /// 34000: `invalid_cursor_name`
    public static let invalidCursorName: SQLState = "34000"
    /// 38000: `external_routine_exception`
    public static let externalRoutineException: SQLState = "38000"
    /// 38001: `containing_sql_not_permitted`
    public static let containingSQLNotPermitted: SQLState = "38001"
    /// 38002: `modifying_sql_data_not_permitted`
    public static let externalRoutineModifyingSQLDataNotPermitted: SQLState = "38002"
    /// 38003: `prohibited_sql_statement_attempted`
    public static let externalRoutineProhibitedSQLStatementAttempted: SQLState = "38003"
    /// 38004: `reading_sql_data_not_permitted`
    public static let externalRoutineReadingSQLDataNotPermitted: SQLState = "38004"
    /// 39000: `external_routine_invocation_exception`
    public static let externalRoutineInvocationException: SQLState = "39000"
    /// 39001: `invalid_sqlstate_returned`
    public static let invalidSQLStateReturned: SQLState = "39001"
    /// 39004: `null_value_not_allowed`
    public static let externalRoutineNullValueNotAllowed: SQLState = "39004"
    /// 39P01: `trigger_protocol_violated`
    public static let triggerProtocolViolated: SQLState = "39P01"
    /// 39P02: `srf_protocol_violated`
    public static let srfProtocolViolated: SQLState = "39P02"
    /// 39P03: `event_trigger_protocol_violated`
    public static let eventTriggerProtocolViolated: SQLState = "39P03"
    /// 3B000: `savepoint_exception`
    public static let savepointException: SQLState = "3B000"
    /// 3B001: `invalid_savepoint_specification`
    public static let invalidSavepointSpecification: SQLState = "3B001"
    /// 3D000: `invalid_catalog_name`
    public static let invalidCatalogName: SQLState = "3D000"
    /// 3F000: `invalid_schema_name`
    public static let invalidSchemaName: SQLState = "3F000"
    /// 40000: `transaction_rollback`
    public static let transactionRollback: SQLState = "40000"
    /// 40001: `serialization_failure`
    public static let serializationFailure: SQLState = "40001"
    /// 40002: `transaction_integrity_constraint_violation`
    public static let transactionIntegrityConstraintViolation: SQLState = "40002"
    /// 40003: `statement_completion_unknown`
    public static let statementCompletionUnknown: SQLState = "40003"
    /// 40P01: `deadlock_detected`
    public static let deadlockDetected: SQLState = "40P01"
}
