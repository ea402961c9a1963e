package io.matriarch.engine.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Which major versions, from 12 on, know a parameter. */
final class ParameterVersions {
    private static final Map<String, Integer> FIRST = new HashMap<>();
    private static final Map<String, Integer> GONE = new HashMap<>();

    static {
        added(
                13,
                "autovacuum_vacuum_insert_threshold autovacuum_vacuum_insert_scale_factor"
                        + " backtrace_functions enable_incremental_sort hash_mem_multiplier"
                        + " ignore_invalid_pages log_min_duration_sample log_statement_sample_rate"
                        + " log_parameter_max_length log_parameter_max_length_on_error"
                        + " logical_decoding_work_mem maintenance_io_concurrency"
                        + " max_slot_wal_keep_size wal_keep_size wal_receiver_create_temp_slot"
                        + " wal_skip_threshold");
        added(
                14,
                "client_connection_check_interval compute_query_id default_toast_compression"
                        + " enable_async_append huge_page_size idle_session_timeout"
                        + " log_recovery_conflict_waits min_dynamic_shared_memory"
                        + " recovery_init_sync_method remove_temp_files_after_crash ssl_crl_dir"
                        + " track_wal_io_timing vacuum_failsafe_age vacuum_multixact_failsafe_age");
        added(
                15,
                "archive_library debug_discard_caches enable_memoize log_startup_progress_interval"
                        + " recovery_prefetch recursive_worktable_factor stats_fetch_consistency"
                        + " wal_decode_buffer_size");
        added(
                16,
                "createrole_self_grant debug_io_direct debug_parallel_query"
                        + " enable_presorted_aggregate gss_accept_delegation icu_validation_level"
                        + " logical_replication_mode max_parallel_apply_workers_per_subscription"
                        + " reserved_connections scram_iterations send_abort_for_crash"
                        + " send_abort_for_kill vacuum_buffer_usage_limit");
        added(
                17,
                "allow_alter_system commit_timestamp_buffers multixact_member_buffers"
                        + " multixact_offset_buffers notify_buffers serializable_buffers"
                        + " subtransaction_buffers transaction_buffers"
                        + " debug_logical_replication_streaming enable_group_by_reordering"
                        + " event_triggers io_combine_limit max_notify_queue_pages summarize_wal"
                        + " wal_summary_keep_time sync_replication_slots synchronized_standby_slots"
                        + " trace_connection_negotiation transaction_timeout");
        added(
                18,
                "autovacuum_vacuum_max_threshold autovacuum_worker_slots"
                        + " enable_distinct_reordering enable_self_join_elimination"
                        + " extension_control_path file_copy_method idle_replication_slot_timeout"
                        + " io_max_combine_limit io_max_concurrency io_method io_workers"
                        + " log_lock_failures max_active_replication_origins md5_password_warnings"
                        + " oauth_validator_libraries ssl_groups ssl_tls13_ciphers"
                        + " track_cost_delay_timing vacuum_max_eager_freeze_failure_rate"
                        + " vacuum_truncate");
        removed(12, "default_with_oids");
        removed(13, "wal_keep_segments");
        removed(14, "operator_precedence_warning vacuum_cleanup_index_scale_factor");
        removed(15, "stats_temp_directory");
        removed(16, "force_parallel_mode promote_trigger_file vacuum_defer_cleanup_age");
        removed(
                17,
                "db_user_namespace logical_replication_mode old_snapshot_threshold"
                        + " trace_recovery_messages");
    }

    private ParameterVersions() {}

    /** True for every name without a known bound: the server itself has the last word. */
    static boolean exists(String name, int major) {
        String lower = name.toLowerCase(Locale.ROOT);
        return major >= FIRST.getOrDefault(lower, 0)
                && major < GONE.getOrDefault(lower, Integer.MAX_VALUE);
    }

    private static void added(int major, String names) {
        for (String name : names.split(" ")) {
            FIRST.put(name, major);
        }
    }

    private static void removed(int major, String names) {
        for (String name : names.split(" ")) {
            GONE.put(name, major);
        }
    }
}
