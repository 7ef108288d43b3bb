//! The first inputs of the fuzz targets that read certificates, revocation data, evidence, the messages of the connector and its
//! folders, and of the one that checks people in: good ones, and one broken in each known way. Those of `replay` and `session` are
//! written in `recording.rs`.

mod fuzz_seeds_support;
mod message_support;
mod report_support;

use fuzz_seeds_support::{calibration, checkin, face, folders, messages, photo, trust};

#[test]
#[ignore = "writes fuzz/seeds"]
fn write_the_seeds() {
    trust::certificates();
    trust::chains();
    trust::card_face();
    trust::lists();
    trust::answers();
    trust::all_evidence();
    trust::terminal_keys();
    folders::folders();
    messages::reports();
    messages::bulks();
    messages::medicals();
    messages::archives();
    messages::xml();
    face::face();
    checkin::check_ins();
    photo::photo();
    calibration::records();
}
