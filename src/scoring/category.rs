//! Categories of rules: what can be switched off together. A rule says its own by the tag `category/NAME`; one of the
//! OWASP Core Rule Set by its `attack-…` tag. A name that is not listed here is a category too.

/// A category.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Category {
    /// As in tags and answers.
    pub name: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// The tag of the OWASP Core Rule Set that means it, if any.
    crs: Option<&'static str>,
}

/// What rules are in that say nothing of it.
pub const OTHER: &str = "other";

const fn category(name: &'static str, title: &'static str, crs: Option<&'static str>) -> Category {
    Category { name, title, crs }
}

const CATEGORIES: [Category; 29] = [
    category("sql", "SQL injection", Some("attack-sqli")),
    category("nosql", "NoSQL injection", None),
    category("ldap-xpath", "LDAP and XPath injection", Some("attack-ldap")),
    category("xss", "Cross-site scripting", Some("attack-xss")),
    category("ssi", "Server-side includes", None),
    category("command-unix", "Command injection on Unix", Some("attack-rce")),
    category("command-windows", "Command injection on Windows", None),
    category("traversal", "Path traversal", Some("attack-lfi")),
    category("inclusion", "File inclusion", Some("attack-rfi")),
    category("ssrf", "Server-side request forgery", Some("attack-ssrf")),
    category("template", "Template and expression injection", None),
    category("jndi", "JNDI lookups", None),
    category("xxe", "XML external entities", None),
    category("php", "PHP injection", Some("attack-injection-php")),
    category("java", "Java and .NET injection", Some("attack-injection-java")),
    category("node", "Node.js and prototype pollution", Some("attack-injection-nodejs")),
    category("protocol", "Protocol abuse", Some("attack-protocol")),
    category("scanner", "Scanners and attack tools", Some("attack-reputation-scanner")),
    category("sensitive-files", "Sensitive files", Some("attack-disclosure")),
    category("web-shell", "Web shells", None),
    category("c2", "Command and control", None),
    category("malware-download", "Malware downloads", None),
    category("mining", "Cryptocurrency mining", None),
    category("tunnel", "Tunnels and anonymisers", None),
    category("exfiltration", "Exfiltration", None),
    category("secret", "Secrets in URLs", None),
    category("personal-data", "Personal data in URLs", None),
    category("signal", "Signals of the classifiers", None),
    category(OTHER, "Other rules", None),
];

/// The category of a rule with these tags.
pub fn category_of(tags: &[Box<str>]) -> &str {
    let own = tags.iter().find_map(|tag| tag.strip_prefix("category/"));
    let crs = || CATEGORIES.iter().find(|known| tags.iter().any(|tag| known.crs == Some(tag))).map(|known| known.name);
    // Verdicts list categories with commas between, in words with blanks between.
    own.filter(|name| !name.is_empty() && !name.contains([',', ' '])).or_else(crs).unwrap_or(OTHER)
}

/// What a category is about; its name where that is not known.
pub fn title(name: &str) -> &str {
    CATEGORIES.iter().find(|known| known.name == name).map_or(name, |known| known.title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_in_what_its_tags_say() {
        for (tags, want) in [
            (&["paranoia-level/1", "category/sql"][..], "sql"),
            (&["attack-sqli", "OWASP_CRS"], "sql"),
            (&["category/mine", "attack-sqli"], "mine"),
            (&["category/a b"], OTHER),
            (&["OWASP_CRS"], OTHER),
            (&[], OTHER),
        ] {
            let tags: Vec<Box<str>> = tags.iter().map(|tag| (*tag).into()).collect();
            assert_eq!(category_of(&tags), want, "{tags:?}");
        }
        assert_eq!((title("sql"), title("mine")), ("SQL injection", "mine"));
    }
}
