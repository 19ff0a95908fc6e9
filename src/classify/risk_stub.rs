//! Stub.
#![allow(missing_docs)]
use std::borrow::Cow;
pub const DGA_THRESHOLD: f32 = 0.5;
pub fn dga(host: &str) -> Option<f32> {
    host.contains("xqzj").then_some(0.9)
}
pub fn is_dga(host: &str) -> bool {
    dga(host).is_some_and(|p| p >= DGA_THRESHOLD)
}
pub fn dga_reasons(host: &str) -> Option<String> {
    dga(host).map(|_| "stub".to_owned())
}
pub fn reading(_: &str) -> Option<String> {
    None
}
#[derive(Debug)]
pub struct Lookalikes(Vec<String>);
pub struct Lookalike {
    pub protected: String,
    pub how: &'static str,
}
impl Lookalikes {
    pub fn new<'a>(it: impl IntoIterator<Item = &'a str>) -> Self {
        Self(it.into_iter().map(str::to_owned).collect())
    }
    pub fn of(&self, host: &str) -> Option<Lookalike> {
        let _: Cow<'_, str>;
        host.contains("paypa1").then(|| Lookalike { protected: "paypal.com".into(), how: "stub" })
    }
}
