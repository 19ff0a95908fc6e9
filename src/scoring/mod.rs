//! Rules at work: which are in force by config.toml and settings, and what they say of rows on their way in. The rules'
//! language and how they are run is [`waf`](crate::waf)'s; what the classifiers know of a host is handed to it here.

mod book;
mod builtin;
mod category;
mod judge;
mod labelled;
mod look_alikes;
mod memo;
mod rescore;
mod scorer;
mod signals;

pub use book::{CategoryFacts, RuleBook, RuleFacts, RuleFaults};
pub use builtin::BUILTIN;
pub use category::{Category, OTHER, category_of, title};
pub use judge::Judge;
pub use labelled::{Label, Labelled};
pub use look_alikes::of as look_alikes;
pub use rescore::rescore;
pub use scorer::{Asked, Scorer};
pub use signals::Signals;
