//! Whether somebody looks at what is fetched: ICAP and eCAP.

use super::{configured, written};
use crate::posture::check::Finding;
use crate::posture::evidence::Evidence;
use crate::posture::grounds::Grounds;

pub(in crate::posture) fn icap(grounds: &Grounds<'_>) -> Finding {
    configured(grounds, |facts| {
        let conf = &facts.conf;
        let on = |name: &str| conf.flag(name, false);
        let services = ["icap", "ecap"].into_iter().filter(|kind| on(&format!("{kind}_enable")));
        let names: Vec<String> = services.map(|kind| format!("{kind}_service")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let services: Vec<_> = conf.named(&names).collect();
        let asked = conf.rules("adaptation_access").iter().any(|rule| {
            // adaptation_access names its service before the action.
            rule.acls.first().is_some_and(|action| action.name == "allow")
        });
        let Some(first) = services.first() else {
            return Finding::none(vec![Evidence::text(
                "No service looks at content (icap_enable and ecap_enable are off).",
            )]);
        };
        if !asked {
            return Finding::none(vec![written(first, "no adaptation_access allows it to be asked")]);
        }
        let bypassed = services.iter().find(|line| line.texts(1).any(|word| matches!(word, "bypass=on" | "bypass=1")));
        match bypassed {
            Some(line) => Finding::share(1, 2, vec![written(line, "it is bypassed when it fails")]),
            None => Finding::all(vec![written(first, "content is scanned")]),
        }
    })
}
