//! The registry of settings, walked by the API, by config.toml and by tests. Names are the API contract's; a handle's
//! doc comment is the setting's help.

use super::handle::Setting;
use super::spec::SettingSpec;
use super::value::SettingFault;
use crate::control::lists::{Aliases, HostSet};
use ipnet::IpNet;
use std::sync::Arc;

/// Declares settings, section by section: help, handle, type, name, and what it takes.
macro_rules! registry {
    ($([$section:ident] $(#[doc = $help:literal] $handle:ident: $type:ty = $name:ident $kind:ident($($bound:expr),*);)+)+) => {
        $($(
            #[doc = $help]
            pub const $handle: Setting<$type> =
                Setting::$kind(stringify!($section), stringify!($name), $help.trim_ascii(), $($bound),*);
        )+)+

        /// Every setting.
        pub const SETTINGS: &[SettingSpec] = &[$($($handle.spec),+),+];
    };
}

registry! {
    [privacy]
    /// Whether personal data is hidden from everybody without the scope pii:read.
    GDPR_MODE: bool = gdpr_mode switch(false);
    /// How a hidden client address appears: as a pseudonym, as its network (/24, /48), or not at all.
    GDPR_CLIENT_LEVEL: &'static str = gdpr_client_level choice(&["pseudonym", "prefix", "mask"]);
    /// How a hidden user name appears: as a pseudonym, or not at all.
    GDPR_USER_LEVEL: &'static str = gdpr_user_level choice(&["pseudonym", "mask"]);
    /// What is hidden of a URL: its personal parts, the same under pseudonyms, or all behind the host.
    GDPR_URL_LEVEL: &'static str = gdpr_url_level choice(&["personal", "pseudonym", "mask"]);
    /// Whether new rows are stored under pseudonyms, so that what they stand for is kept nowhere.
    GDPR_STORE_PSEUDONYMISED: bool = gdpr_store_pseudonymised switch(false);
    /// Whether a second person must approve before what a pseudonym stands for is revealed.
    GDPR_REVEAL_NEEDS_APPROVAL: bool = gdpr_reveal_needs_approval switch(false);

    [api]
    /// Whether the API limits how often it is asked.
    API_RATE_LIMIT_ENABLED: bool = api_rate_limit_enabled switch(true);
    /// Requests a second that a caller may make in the long run.
    API_BURST_RATE: i64 = api_burst_rate whole(1, 10_000, 20);
    /// Requests that a caller may make at once.
    API_BURST_SIZE: i64 = api_burst_size whole(1, 100_000, 60);
    /// Requests a minute for lists that are dear to make.
    API_LIST_RATE_LIMIT: i64 = api_list_rate_limit whole(1, 100_000, 60);
    /// Requests a minute for details.
    API_DETAIL_RATE_LIMIT: i64 = api_detail_rate_limit whole(1, 100_000, 300);
    /// Requests a minute for coverage.
    API_COVERAGE_RATE_LIMIT: i64 = api_coverage_rate_limit whole(1, 100_000, 10);
    /// Requests a minute for what reads very many rows.
    API_EXPENSIVE_RATE_LIMIT: i64 = api_expensive_rate_limit whole(1, 100_000, 10);
    /// Requests to ingest that an API key may make an hour.
    API_INGEST_HOURLY_QUOTA: i64 = api_ingest_hourly_quota whole(1, 100_000_000, 10_000);
    /// Queries that an API key may make an hour.
    API_QUERY_HOURLY_QUOTA: i64 = api_query_hourly_quota whole(1, 100_000_000, 2_000);
    /// Origins whose pages may read the API from a browser; others get no CORS headers.
    API_ALLOWED_ORIGINS: Arc<[String]> = api_allowed_origins origins(100);
    /// Whether X-Forwarded-For of a trusted proxy names the peer.
    API_TRUST_PROXY_HEADERS: bool = api_trust_proxy_headers switch(false);
    /// The reverse proxies whose X-Forwarded-For is believed, where it is believed at all.
    API_TRUSTED_PROXIES: Arc<[IpNet]> = api_trusted_proxies networks(100);

    [access]
    /// Hours until a session ends by itself.
    SESSION_HOURS: i64 = session_hours whole(1, 168, 8);
    /// Most hours a token that a client has signed itself may be valid.
    SELF_SIGNED_MAX_HOURS: i64 = self_signed_max_hours whole(1, 720, 24);
    /// Fewest characters of a new password.
    PASSWORD_MIN_LENGTH: i64 = password_min_length whole(8, 128, 12);

    [https]
    /// Whether the server speaks HTTPS.
    HTTPS_ENABLED: bool = https_enabled switch(false);

    [email]
    /// The mail server's name or address; kept for notifications, which are not sent yet.
    SMTP_HOST: &'static str = smtp_host text(253);
    /// The mail server's port; kept for notifications, which are not sent yet.
    SMTP_PORT: i64 = smtp_port whole(1, 65_535, 587);
    /// The account at the mail server; kept for notifications, which are not sent yet.
    SMTP_USER: &'static str = smtp_user text(254);
    /// The password of that account; kept sealed for notifications, which are not sent yet.
    SMTP_PASSWORD: &'static str = smtp_password secret(1024);
    /// The sender of mails; kept for notifications, which are not sent yet.
    SMTP_FROM: &'static str = smtp_from text(254);
    /// How the connection to the mail server is encrypted; kept for notifications, which are not sent yet.
    SMTP_TLS: &'static str = smtp_tls choice(&["starttls", "tls", "none"]);

    [notifications]
    /// Severities that notify; kept for notifications, which are not sent yet.
    NOTIFY_SEVERITIES: Arc<[String]> = notify_severities words(SEVERITIES, &["Emergency", "Alert", "Critical"]);
    /// Whether failed logins notify; kept for notifications, which are not sent yet.
    NOTIFY_LOGIN_FAILURES: bool = notify_login_failures switch(false);
    /// Minutes until the same cause notifies again; kept for notifications, which are not sent yet.
    NOTIFY_COOLDOWN_MINUTES: i64 = notify_cooldown_minutes whole(0, 1440, 15);

    [database]
    /// How many days of events a clean-up keeps when it is not told a number.
    LOG_RETENTION_DAYS: i64 = log_retention_days whole(1, 3650, 30);
    /// Whether events are archived before retention removes them.
    ARCHIVE_ENABLED: bool = archive_enabled switch(false);
    /// What archives written from now on show of a person: rows as stored, pseudonyms, or nothing.
    ARCHIVE_MASKING: &'static str = archive_masking choice(&["none", "pseudonyms", "mask"]);
    /// How many days hourly sums are kept; they outlast the events that they sum, and hold nothing of people.
    ROLLUP_RETENTION_DAYS: i64 = rollup_retention_days whole(1, 3650, 365);
    /// How many days of audit entries are kept.
    AUDIT_RETENTION_DAYS: i64 = audit_retention_days whole(30, 3650, 365);

    [jobs]
    /// When events older than log_retention_days are removed.
    RETENTION_ROWS_SCHEDULE: &'static str = retention_rows_schedule schedule("0 17 3 * * *");
    /// When events older than log_retention_days are archived, whether or not they are removed.
    ARCHIVE_SCHEDULE: &'static str = archive_schedule schedule("");
    /// When sums older than rollup_retention_days are removed.
    RETENTION_ROLLUPS_SCHEDULE: &'static str = retention_rollups_schedule schedule("0 27 3 * * *");
    /// When audit entries, and records of jobs, older than audit_retention_days are removed.
    RETENTION_AUDIT_SCHEDULE: &'static str = retention_audit_schedule schedule("0 7 * * * *");
    /// When the security score is kept for its history.
    SCORE_SCHEDULE: &'static str = score_schedule schedule("0 37 */6 * * *");
    /// When a report of the last days is written into report_folder.
    REPORT_SCHEDULE: &'static str = report_schedule schedule("");
    /// When the query planner's statistics are renewed.
    ANALYZE_SCHEDULE: &'static str = analyze_schedule schedule("0 47 3 * * SUN");
    /// When the database is written anew to give back its free space.
    VACUUM_SCHEDULE: &'static str = vacuum_schedule schedule("");

    [reports]
    /// The folder of scheduled reports, as an absolute path; empty for the folder reports in the data directory.
    REPORT_FOLDER: &'static str = report_folder text(4096);
    /// The formats that scheduled reports are written in, a file each.
    REPORT_FORMATS: Arc<[String]> = report_formats words(REPORT_FORMAT_NAMES, &["html"]);
    /// How many days scheduled reports look back, from the last midnight in UTC.
    REPORT_DAYS: i64 = report_days whole(1, 366, 7);
    /// Whether scheduled reports hide people where gdpr_mode is off too; where it is on they always do.
    REPORT_MASKED: bool = report_masked switch(true);
    /// How many scheduled reports are kept in the folder; older ones are removed.
    REPORTS_KEPT: i64 = reports_kept whole(1, 10_000, 30);

    [statistics]
    /// Whether a request for credentials (407) counts as blocked.
    COUNT_AUTH_CHALLENGES_AS_BLOCKED: bool = count_auth_challenges_as_blocked switch(false);

    [waf]
    /// Whether new rows are scored by rules.
    WAF_ENABLED: bool = waf_enabled switch(true);
    /// Categories of rules that new rows are not scored by.
    WAF_DISABLED_CATEGORIES: Arc<[String]> = waf_disabled_categories names(100, &[]);
    /// The score from which on a request is flagged.
    WAF_BLOCK_THRESHOLD: i64 = waf_block_threshold whole(1, 100, 5);

    [findings]
    /// When detectors look for what behaviour gives away.
    FINDINGS_SCHEDULE: &'static str = findings_schedule schedule("0 11 * * * *");
    /// How many days back detectors look; regular calls and what is new are told from all of them.
    FINDINGS_WINDOW_DAYS: i64 = findings_window_days whole(1, 31, 7);
    /// Detectors that don't look.
    FINDINGS_DISABLED: Arc<[String]> = findings_disabled names(100, &[]);
    /// A place is rare while at most this share of clients goes there, in percent; three are always few.
    RARE_CLIENTS_PCT: i64 = rare_clients_pct whole(0, 100, 5);
    /// Fewest calls that can be regular; fewer than thirteen prove nothing.
    BEACON_MIN_CALLS: i64 = beacon_min_calls whole(13, 10_000, 13);
    /// How far pauses between regular calls lie off their median at most, in percent of it.
    BEACON_MAX_JITTER_PCT: i64 = beacon_max_jitter_pct whole(1, 50, 35);
    /// Destinations within ten minutes that are very many for one client.
    FAN_OUT_HOSTS: i64 = fan_out_hosts whole(10, 1_000_000, 500);
    /// Refusals of one client within five minutes that are a burst.
    DENIED_BURST_REQUESTS: i64 = denied_burst_requests whole(10, 1_000_000, 100);
    /// User names tried from one client within an hour that are a spray.
    AUTH_SPRAY_USERS: i64 = auth_spray_users whole(3, 100_000, 10);
    /// Megabytes sent within a day to one place for files that are a large upload.
    UPLOAD_MEGABYTES: i64 = upload_megabytes whole(1, 1_000_000, 100);
    /// Minutes of sending within a day that are a large upload where the log has no bytes from clients.
    UPLOAD_MINUTES: i64 = upload_minutes whole(1, 1_440, 30);
    /// Megabytes that a client sends in a day before that can be unusual.
    VOLUME_OUT_MEGABYTES: i64 = volume_out_megabytes whole(1, 10_000_000, 500);
    /// How many times as much as on its other days a client sends when that is unusual.
    VOLUME_OUT_FACTOR: i64 = volume_out_factor whole(2, 1_000, 5);
    /// Requests to a service that are a use of it.
    NEW_SERVICE_REQUESTS: i64 = new_service_requests whole(1, 1_000_000, 10);
    /// Requests of one client to a new domain that are worth a look.
    NEW_DOMAIN_REQUESTS: i64 = new_domain_requests whole(1, 1_000_000, 1_000);
    /// Made-up host names or random paths below a domain that are a channel.
    TUNNEL_REQUESTS: i64 = tunnel_requests whole(10, 1_000_000, 100);

    [proxy]
    /// Whether the proxy is said to block requests to bare addresses; the security score looks for proof.
    DIRECT_IP_BLOCKED: bool = direct_ip_blocked switch(false);
    /// Whether the proxy is said to look into TLS; the security score looks for proof.
    HTTPS_FILTERED: bool = https_filtered switch(false);

    [network]
    /// Networks of one's own, whose addresses are private destinations wherever they are routed.
    INTERNAL_NETWORKS: Arc<[IpNet]> = internal_networks networks(10_000);
    /// Names of clients and of their networks, shown to those who may see addresses.
    CLIENT_ALIASES: Arc<Aliases> = client_aliases aliases(100_000);
    /// Hosts, with all below them, whose rows are tagged as ignored; they are stored and counted all the same.
    IGNORED_HOSTS: Arc<HostSet> = ignored_hosts hosts(200_000);
    /// Domains of one's own, and others, whose look-alikes are flagged beside those of well-known names.
    PROTECTED_DOMAINS: Arc<HostSet> = protected_domains hosts(5_000);

    [services]
    /// Categories whose services need no sanction of their own, unless they are named as not sanctioned.
    SANCTIONED_CATEGORIES: Arc<[String]> = sanctioned_categories names(100, SANCTIONED);
    /// Services that are sanctioned whatever their category.
    SANCTIONED_SERVICES: Arc<[String]> = sanctioned_services names(10_000, &[]);
    /// Services that are not sanctioned whatever their category.
    UNSANCTIONED_SERVICES: Arc<[String]> = unsanctioned_services names(10_000, &[]);
}

/// What machines need, and what takes in little of what people write.
const SANCTIONED: &[&str] = &[
    "advertising",
    "analytics",
    "education",
    "identity",
    "infrastructure",
    "news",
    "packages",
    "payments",
    "search",
    "security",
    "shopping",
    "updates",
];

/// The formats of reports.
const REPORT_FORMAT_NAMES: &[&str] = &["html", "text", "md", "json", "csv"];

/// The words of syslog (RFC 5424), worst first.
const SEVERITIES: &[&str] = &["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"];

/// The setting of that name.
///
/// # Errors
/// [`SettingFault::Unknown`] when there is none.
pub fn spec(name: &str) -> Result<&'static SettingSpec, SettingFault> {
    SETTINGS.iter().find(|spec| spec.name == name).ok_or_else(|| SettingFault::Unknown { name: name.to_owned() })
}
