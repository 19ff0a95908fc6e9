//! The HTTP API, in process. Files mirror URLs: `api/<resource>/<verb>.rs`.

mod assets;
mod cors;
mod credentials;
mod envelope;
mod https;
mod jobs;
mod limits;
mod maintenance;
mod masking;
mod peer;
mod raw_log;
mod serve;
mod statistics;
mod tokens;

mod analytics {
    mod domain_risk {
        mod get;
    }
    mod file_extensions {
        mod get;
    }
    mod shadow_it {
        mod get;
    }
    mod top_domains {
        mod get;
    }
    mod user_agents {
        mod get;
    }
}
mod api_keys {
    mod post;
}
mod archives;
mod audit_log {
    mod get;
    mod verify {
        mod get;
    }
}
mod auth {
    mod login {
        mod post;
    }
    mod totp {
        mod post;
    }
}
mod change_password {
    mod post;
}
mod charts {
    mod severity_timeline {
        mod get;
    }
    mod top_hosts {
        mod get;
    }
    mod volume {
        mod get;
    }
}
mod check_update {
    mod get;
}
mod clients {
    mod ip {
        mod details {
            mod get;
        }
    }
    mod statistics {
        mod get;
    }
}
mod config {
    mod get;
}
mod dashboard {
    mod summary {
        mod get;
    }
}
mod domains {
    mod domain {
        mod details {
            mod get;
        }
    }
    mod statistics {
        mod get;
    }
}
mod export {
    mod get;
}
mod findings {
    mod detectors {
        mod get;
    }
    mod get;
    mod id {
        mod get;
        mod put;
    }
}
mod health {
    mod get;
}
mod license {
    mod status;
}
mod lists {
    mod get;
    mod import {
        mod post;
    }
}
mod login {
    mod post;
}
mod logs {
    mod get;
    mod narrowed;
    mod clear {
        mod post;
    }
    mod clear_old {
        mod post;
    }
    mod id {
        mod get;
    }
    mod live {
        mod get;
    }
    mod stats {
        mod get;
    }
    mod timeline {
        mod get;
    }
}
mod metrics {
    mod get;
    mod names;
}
mod openapi {
    mod get;
}
mod privacy {
    mod erase;
    mod export;
    mod pii_read;
    mod reveal;
}
mod rejects {
    mod get;
    mod reimport {
        mod post;
    }
}
mod reload {
    mod post;
}
mod restart_server {
    mod post;
}
mod retention_preview {
    mod get;
}
mod security {
    mod rate_limits {
        mod get;
        mod ip {
            mod delete;
        }
    }
    mod score {
        mod get;
    }
}
mod sources {
    mod get;
}
mod services {
    mod put;
}
mod settings {
    mod delete;
    mod effects;
    mod get;
    mod post;
    mod put;
}
mod stats {
    mod get;
}
mod status {
    mod get;
}
mod tls_cert {
    mod get;
    mod post;
}
mod tls_cert_delete {
    mod post;
}
mod tls_generate {
    mod post;
}
mod traffic {
    mod statistics {
        mod get;
    }
}
mod users {
    mod get;
    mod post;
    mod id {
        mod put;
    }
}
mod version {
    mod get;
}
mod waf;
