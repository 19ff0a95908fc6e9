//! `tidegate health`: asks a server that runs how it is doing, for containers and scripts. Exits with 1 where it is not
//! well, or not there.

use crate::config::Config;
use clap::Args;
use serde_json::Value;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

/// Where to ask.
#[derive(Debug, Args)]
pub(super) struct HealthArguments {
    /// Address and port of the server [default: the configuration's `server.listen`].
    #[arg(long, value_name = "ADDRESS")]
    at: Option<SocketAddr>,
    /// Ask only whether the process answers, whatever is degraded.
    #[arg(long)]
    live: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(8);

pub(super) fn run(arguments: &HealthArguments, config: &Config) -> anyhow::Result<ExitCode> {
    let at = reachable(arguments.at.unwrap_or(config.server.listen));
    let path = if arguments.live { "livez" } else { "health" };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(DEADLINE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let mut out = std::io::stdout().lock();
    let (is_well, answer) = match agent.get(format!("http://{at}/{path}")).call() {
        // A server that speaks HTTPS sends to it; its certificate is for another name than this address.
        Ok(answer) if answer.status().is_redirection() => (true, serde_json::json!({ "status": "answers by HTTPS" })),
        Ok(mut answer) => {
            let is_well = answer.status().is_success();
            let text = answer.body_mut().with_config().limit(1 << 20).read_to_string().unwrap_or_default();
            (is_well, serde_json::from_str(&text).unwrap_or(Value::Null))
        }
        Err(cause) => (false, serde_json::json!({ "status": "unreachable", "reason": cause.to_string() })),
    };
    if arguments.json {
        writeln!(out, "{answer}")?;
    } else {
        let status = answer["status"].as_str().unwrap_or("no answer that can be read");
        let reason = answer["reason"].as_str().map(|reason| format!(": {reason}")).unwrap_or_default();
        writeln!(out, "{at}: {status}{reason}")?;
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An address that stands for every interface is asked on this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
