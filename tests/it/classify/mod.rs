//! What lines are, against what others say they are.

mod ip_spellings;
mod look_alikes;
