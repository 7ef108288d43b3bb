//! Writing, when it is due.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::bulk::Bulk;
use super::plan::{Draw, Label, Quirks};
use super::reply::Reply;
use super::settings::failed;
use super::{Connector, ConnectorError, Quirk, cut, disk};
use crate::eligibility::message::{
    FileKind, FileName, MessageFile, Rejection, write_archive, write_report,
};
use crate::eligibility::text::Charset;
use crate::eligibility::{Report, SegmentOfResult};

/// Something that is done to a file at its time.
pub(super) enum Job {
    /// It is written, in place of what may be there.
    Put { path: PathBuf, file: MessageFile },
    /// The rest is written, if the part that was written is there still.
    Append {
        path: PathBuf,
        there: u64,
        rest: MessageFile,
    },
    /// A bulk answer is made.
    Bulk {
        path: PathBuf,
        bulk: Box<Bulk>,
        how: cut::How,
    },
    /// The rest of a bulk answer is copied from where it was made.
    BulkRest { path: PathBuf, made: PathBuf },
    /// It is deleted, whoever has read it.
    Delete { path: PathBuf },
}

impl Connector {
    pub(super) fn at(&mut self, due: Timestamp, job: Job) {
        self.numbered += 1;
        self.jobs.insert((due, self.numbered), job);
    }

    pub(super) fn do_jobs(&mut self, now: Timestamp) -> Result<(), ConnectorError> {
        while let Some(entry) = self.jobs.first_entry().filter(|job| job.key().0 <= now) {
            let (key, job) = entry.remove_entry();
            if let Err(error) = self.do_job(&job) {
                self.jobs.insert(key, job);
                return Err(error);
            }
        }
        Ok(())
    }

    fn do_job(&mut self, job: &Job) -> Result<(), ConnectorError> {
        let (path, done) = match job {
            Job::Put { path, file } => (path, disk::write(path, file.as_bytes()).map(drop)),
            Job::Append { path, there, rest } => {
                (path, disk::append(path, *there, rest.as_bytes()).map(drop))
            }
            Job::Bulk { path, bulk, how } => (path, self.write_bulk(path, bulk, *how)),
            Job::BulkRest { path, made } => (path, cut::write_rest(path, made)),
            Job::Delete { path } => {
                disk::take_away(path);
                (path, Ok(()))
            }
        };
        done.map_err(|error| failed(path.parent().unwrap_or(path), &error))
    }

    /// Plans how an answer is written from `due` on, and tells when it is whole.
    pub(super) fn write_reply(
        &mut self,
        name: &FileName,
        quirks: &Quirks,
        draw: Draw,
        reply: Reply,
        due: Timestamp,
    ) -> Option<Timestamp> {
        let folder = self.settings.pair(name.family()).responses().to_owned();
        let later = |at: Timestamp, label, range| {
            at.checked_add(draw.within(label, range))
                .unwrap_or(Timestamp::MAX)
        };
        let plan = self.settings.plan.clone();
        if quirks.has(Quirk::Foreign) {
            self.foreign(&folder, name, due);
        }
        let (path, whole) = match reply {
            Reply::Stream(bulk) => {
                let kind = if quirks.has(Quirk::Zipped) {
                    FileKind::Zip
                } else {
                    FileKind::Xml
                };
                let path = folder.join(name.response().with_kind(kind).to_string());
                let how = cut::How::of(quirks);
                let made = cut::made(&path);
                let job = Job::Bulk {
                    path: path.clone(),
                    bulk,
                    how,
                };
                self.at(due, job);
                let whole = later(due, Label::Pause, plan.pause);
                match how {
                    cut::How::Whole | cut::How::Zipped => (path, Some(due)),
                    cut::How::Half => {
                        let job = Job::BulkRest {
                            path: path.clone(),
                            made,
                        };
                        self.at(whole, job);
                        (path, Some(whole))
                    }
                    cut::How::Broken => (path, None),
                }
            }
            Reply::After { first, file } => {
                let path = folder.join(name.response().to_string());
                self.at(
                    due,
                    Job::Put {
                        path: path.clone(),
                        file: first,
                    },
                );
                let ready = later(due, Label::Again, plan.again);
                let whole = self.write_file(&path, &file, quirks, draw, ready);
                (path, whole)
            }
            Reply::File { file, kind } => {
                let zipped = quirks.has(Quirk::Encrypted) || quirks.has(Quirk::Zipped);
                let zip = name.response().with_kind(FileKind::Zip);
                let archived = (zipped && kind == FileKind::Xml)
                    .then(|| write_archive(&zip, file.as_bytes()).ok())
                    .flatten();
                let (kind, file) = match archived {
                    Some(file) if quirks.has(Quirk::Encrypted) => {
                        (FileKind::Zip, cut::as_if_encrypted(&file))
                    }
                    Some(file) => (FileKind::Zip, file),
                    None => (kind, file),
                };
                let path = folder.join(name.response().with_kind(kind).to_string());
                let whole = self.write_file(&path, &file, quirks, draw, due);
                // Where a write broke off, nothing more comes.
                if let Some(whole) = whole {
                    self.extras(&path, &file, name, quirks, draw, whole);
                }
                (path, whole)
            }
        };
        if quirks.has(Quirk::Deleted)
            && let Some(whole) = whole
        {
            let at = later(whole, Label::Deletion, plan.deletion);
            self.at(at, Job::Delete { path });
        }
        whole
    }

    /// One file, at once or in two parts.
    pub(super) fn write_file(
        &mut self,
        path: &Path,
        file: &MessageFile,
        quirks: &Quirks,
        draw: Draw,
        due: Timestamp,
    ) -> Option<Timestamp> {
        let path = path.to_owned();
        let parts = quirks.first(&[Quirk::BrokenOff, Quirk::HalfWritten]);
        let Some(parts) = parts else {
            let file = file.clone();
            self.at(due, Job::Put { path, file });
            return Some(due);
        };
        let bytes = file.as_bytes();
        // Without its last line end alone a document would be whole.
        let most = u64::try_from(bytes.len().saturating_sub(2)).unwrap_or(u64::MAX);
        let there = draw.below(Label::Cut, most);
        let (first, rest) = bytes.split_at(usize::try_from(there).unwrap_or_default());
        let file = MessageFile::new(first.to_vec());
        let rest = MessageFile::new(rest.to_vec());
        self.at(
            due,
            Job::Put {
                path: path.clone(),
                file,
            },
        );
        if parts == Quirk::BrokenOff {
            return None;
        }
        let pause = draw.within(Label::Pause, self.settings.plan.pause);
        let whole = due.checked_add(pause).unwrap_or(Timestamp::MAX);
        self.at(whole, Job::Append { path, there, rest });
        Some(whole)
    }

    /// The same answer again, and answers that there shouldn't be.
    fn extras(
        &mut self,
        path: &Path,
        file: &MessageFile,
        name: &FileName,
        quirks: &Quirks,
        draw: Draw,
        whole: Timestamp,
    ) {
        let in_other_letters = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.with_file_name(name.to_ascii_uppercase())
        };
        if quirks.has(Quirk::Duplicate) {
            let again = draw.within(Label::Again, self.settings.plan.again);
            let at = whole.checked_add(again).unwrap_or(Timestamp::MAX);
            let (path, file) = (path.to_owned(), file.clone());
            self.at(at, Job::Put { path, file });
        }
        if quirks.has(Quirk::OtherCase) {
            let (path, file) = (in_other_letters(path), file.clone());
            self.at(whole, Job::Put { path, file });
        }
        if quirks.has(Quirk::Contradicted) {
            let other = Report {
                segment: SegmentOfResult::Abnormal,
                status: None,
                file_identifier: Some(name.unique().to_owned()),
                ..Report::normal()
            };
            if let Ok(file) = write_report(&other, Charset::Utf8) {
                let path = in_other_letters(path);
                self.at(whole, Job::Put { path, file });
            }
        }
    }

    /// Somebody else's answer, and what is no message at all.
    fn foreign(&mut self, folder: &Path, name: &FileName, due: Timestamp) {
        let message = b"<XmlMsg><MessageHeader/></XmlMsg>".to_vec();
        let stranger = format!("{}-other", name.unique());
        let stranger = FileName::request(name.family(), name.step(), &stranger);
        let stranger = stranger.map(|name| name.response().to_string());
        for (name, contents) in [
            (stranger, message),
            (Some("Thumbs.db".to_owned()), vec![0; 64]),
        ] {
            if let Some(name) = name {
                let file = MessageFile::new(contents);
                let path = folder.join(name);
                self.at(due, Job::Put { path, file });
            }
        }
    }

    /// The request's copy, and why.
    pub(super) fn write_rejection(&mut self, name: &FileName, request: &[u8], due: Timestamp) {
        let folder = self.settings.pair(name.family()).responses().to_owned();
        let why = Rejection::new("SIM-REJECTED\n【模擬】要求ファイルの形式に誤りがあります。");
        let err = name.clone().with_kind(FileKind::Err).to_string();
        if let Ok(file) = why.write(Charset::ShiftJis) {
            let path = folder.join(err);
            self.at(due, Job::Put { path, file });
            self.history.due(name, due);
        }
        if !request.is_empty() {
            let file = MessageFile::new(request.to_vec());
            let path = folder.join(name.to_string());
            self.at(due, Job::Put { path, file });
        }
    }
}
