//! Names that imitate protected ones, and how internationalised names read. Knows one imitation and no reading, until
//! `domain_risk` has both.

/// How an internationalised host reads, where that can be shown safely.
pub fn reading(_host: &str) -> Option<String> {
    None
}

/// What imitates protected names.
#[derive(Debug)]
pub struct Lookalikes;

/// An imitation.
#[derive(Debug)]
pub struct Lookalike {
    /// The name that is imitated.
    pub protected: String,
    /// How.
    pub how: &'static str,
}

impl Lookalikes {
    /// Of well-known names and these.
    pub fn new<'n>(_protected: impl IntoIterator<Item = &'n str>) -> Lookalikes {
        Lookalikes
    }

    /// What a host imitates.
    pub fn of(&self, host: &str) -> Option<Lookalike> {
        let protected = "paypal.com".to_owned();
        host.contains("paypa1.").then_some(Lookalike { protected, how: "a digit for a letter" })
    }
}
