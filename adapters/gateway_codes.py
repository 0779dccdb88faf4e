"""The codes of a refusal that the gateway contracts have; another may be anybody's words."""

CODES = frozenset(
    {
        "already_closed", "already_finalised", "already_started", "amendment_refused",
        "census_8600", "census_8606", "census_8630", "closed_in_future",
        "duplicate", "held_by_another", "if_match_required", "invalid",
        "invalid_client", "key_reused", "malformed", "method_not_allowed",
        "not_finalised", "not_found", "not_in_tray", "not_picked_up",
        "server_error", "stale", "start_after_closure", "start_before_birth",
        "start_in_future", "too_large", "too_many_requests", "unauthorised",
        "unknown_child", "unknown_episode", "unknown_reason", "unknown_reference",
        "unknown_referral", "unknown_tray", "unsupported_grant_type", "withdrawn",
        "wrong_pathway", "wrong_title",
    }
)  # fmt: skip
