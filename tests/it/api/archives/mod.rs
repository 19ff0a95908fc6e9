mod delete;
mod download;
mod get;
mod run;

use crate::support::api::Api;
use crate::support::lines::NOON;
use tidegate::archive::{Archive, Folder, Masking, Writing, write};
use tidegate::model::{Lens, Timestamp};

/// Archives the rows before noon that are in no archive.
pub fn archive(api: &Api, masking: Masking) -> Archive {
    let writing = Writing { before: NOON, masking, rules: "r".into(), clock: &*api.clock };
    let folder = Folder::of(api.data_dir());
    write(&*api.store, &folder, &writing, &|_, _| (), &|| false).unwrap().archive.unwrap()
}

/// Rows as they are stored, and such that show nobody.
pub fn two(api: &Api) -> [Archive; 2] {
    let masked = archive(api, Masking { name: "mask", lens: Lens::MASKED, pseudonym_key: None });
    api.clock.set(Timestamp(NOON.0 + 1000));
    [archive(api, Masking::NONE), masked]
}
