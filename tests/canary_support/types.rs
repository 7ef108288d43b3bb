//! Types that are printed nowhere in these tests, and why that is right.

use super::Sink;

/// `Copy`, so they hold no text of their own: numbers, codes, references to
/// what is written in the program.
pub fn plain(sink: &mut Sink) {
    macro_rules! plain {
        ($($module:ident: $($name:ident)*;)*) => {
            $($(sink.plain::<uketsuke::$module::$name>();)*)*
        };
    }
    plain! {
        apdu: Case DecodeError EncodeError Le Lengths Budget ExchangeError ResponseError StatusWord;
        card: ReferenceSourceError FaceImage DataObject Progress SignedApplication SecretKind Sex SignatureInputError LastTry;
        checkin: ProofMismatch Method PhoneKind Phones TapAgain ScreenId TaskId Equipment Mode Timeouts Question PasscodeFormatError StaffIdError ChoiceKey AuditStanding PolicyDigest AuditBreak AuditBroken AuditError AuditKeyError Head HeadError Pseudonym Verified;
        eligibility: FeedError FeedTrouble NumberKind InstitutionKind ConsentKind Consents Failure Lang CertificateStatus Registration Identified RequestNumber Action Condition Fact Capabilities ServiceError ServiceErrorKind Document AgeGroup Place Retry;
        face: Attempts CalibrationDigest FaceLimits FaceRefused InconclusiveReason MatchPolicyDigest PointProblem PixelLimits PixelMeasures PixelQuality PolicyError Prepared Quality OperatingPoint Comparison Confidence FaceError FacePart Fmr PadResult Score;
        simulation: ConnectorMode Quirk CardSecret CentreFault CardBody CertificateTerm Expected Mishap PinCondition SimulatedPinless SimulatedDevice Defect CrlDefect CrlScope OcspDefect OcspResponder OcspStatus Generation VirtualPki Fault Moment Tamper Clinic Consenting Interruption SimulatedStaff StaffSays TriesAfter Trouble VpcdStep;
        tlv: TlvError TlvErrorKind Header Tag;
        transport: TransportError TransportErrorKind BitRate ExchangeSize LinkModel Tally Sensitivity TranscriptError Limits ExtendedLength Reset Presence;
        trust: CertIdHash NoAnswer RevocationAnswer RevocationReason Revoked TerminalKey TerminalKeyError CertificateDigest Revocation Purpose TerminalIdError GraceRule Standing;
    }
    sink.plain::<uketsuke::checkin::lanes::LaneId>();
    sink.plain::<uketsuke::checkin::lanes::Next>();
    sink.plain::<uketsuke::eligibility::armed::Apart>();
    sink.plain::<uketsuke::eligibility::armed::ArmError>();
    sink.plain::<uketsuke::eligibility::armed::Doubt>();
    sink.plain::<uketsuke::eligibility::armed::SessionId>();
    sink.plain::<uketsuke::eligibility::armed::Window>();
    sink.plain::<uketsuke::eligibility::armed::WindowError>();
    sink.plain::<uketsuke::eligibility::folders::Since>();
    sink.plain::<uketsuke::eligibility::armed::AwaitedError>();
    sink.plain::<uketsuke::eligibility::folders::NoRandomness>();
    sink.plain::<uketsuke::eligibility::folders::OpenQuestion>();
    sink.plain::<uketsuke::eligibility::folders::Progress>();
    sink.plain::<uketsuke::eligibility::folders::QuestionId>();
    sink.plain::<uketsuke::eligibility::folders::Trouble>();
    sink.plain::<uketsuke::eligibility::message::ArchiveError>();
    sink.plain::<uketsuke::eligibility::message::Direction>();
    sink.plain::<uketsuke::eligibility::message::Family>();
    sink.plain::<uketsuke::eligibility::message::FileKind>();
    sink.plain::<uketsuke::eligibility::message::FieldProblem>();
    sink.plain::<uketsuke::eligibility::message::MedicalForm>();
    sink.plain::<uketsuke::eligibility::message::MedicineSource>();
    sink.plain::<uketsuke::eligibility::message::Month>();
    sink.plain::<uketsuke::eligibility::message::OnlineSearch>();
    sink.plain::<uketsuke::eligibility::message::Period>();
    sink.plain::<uketsuke::eligibility::message::ReadError>();
    sink.plain::<uketsuke::eligibility::message::Step>();
    sink.plain::<uketsuke::eligibility::message::XmlError>();
    sink.plain::<uketsuke::eligibility::message::XmlErrorKind>();
    sink.plain::<uketsuke::eligibility::text::Charset>();
    sink.plain::<uketsuke::eligibility::text::TextError>();
    sink.plain::<uketsuke::eligibility::text::TextErrorKind>();
    sink.plain::<uketsuke::face::evaluation::Caveat>();
    sink.plain::<uketsuke::face::evaluation::CsvError>();
    sink.plain::<uketsuke::face::evaluation::CsvProblem>();
    sink.plain::<uketsuke::face::evaluation::DetPoint>();
    sink.plain::<uketsuke::face::evaluation::DetWords>();
    sink.plain::<uketsuke::face::evaluation::EqualError>();
    sink.plain::<uketsuke::face::evaluation::Proportion>();
    sink.plain::<uketsuke::face::evaluation::Transaction>();
    sink.plain::<uketsuke::face::evaluation::Trial>();
    sink.plain::<uketsuke::face::evaluation::TrialError>();
    sink.plain::<uketsuke::Realm>();
    sink.plain::<uketsuke::Realms>();
    sink.plain::<uketsuke::Binding>();
    sink.plain::<uketsuke::CardSession>();
    sink.plain::<uketsuke::VisitId>();
}

const TRAIT: &str = "a trait";
const NO_DEBUG: &str = "can't be printed";
const INSIDE: &str = "printed inside what holds it: outputs, tasks, results";
const CODE: &str = "a code table: shows a name or nothing (tests/eligibility_model.rs)";
const REPORT: &str = "`Debug` shows no value (tests/eligibility_model.rs)";
const OWN: &str = "the clinic's or the program's own words";

const ARMED: &str = "no person (src/eligibility/armed/tests/sessions.rs, fuzz target `face`)";
const COUNTS: &str =
    "`Debug` shows counts, and the caller's own words (src/face/evaluation/tests.rs)";
const FICTION: &str = "folders, plans and people who are made up (`Patient` prints which one)";

/// Public types that are not printed, and why.
pub const NOT_PRINTED: &[(&str, &str)] = &[
    ("card::Application", TRAIT),
    ("card::OpensAttributes", TRAIT),
    ("card::OpensMyNumber", TRAIT),
    ("card::ReferenceNumberSource", TRAIT),
    ("checkin::AuditEvent", INSIDE),
    (
        "checkin::AuditLog",
        "a path, a number and a tag; the lines are looked through",
    ),
    ("checkin::Desk", TRAIT),
    (
        "checkin::DeviceError",
        "wraps CardError, which is printed; else without fields",
    ),
    ("checkin::DeviceVerification", TRAIT),
    ("checkin::DeviceVerified", "a binding and a realm"),
    ("checkin::CardFaceTrouble", "without fields"),
    (
        "checkin::FaceJudgedBy",
        "a digest, a threshold and counts of a match policy",
    ),
    ("checkin::FaceParts", NO_DEBUG),
    ("checkin::FacePaused", "a time"),
    (
        "checkin::FaceTaskError",
        "wraps errors that are printed: FaceError, VerifyError",
    ),
    ("checkin::Identity", INSIDE),
    (
        "checkin::PendingIdentity",
        "holds FaceMatched or StaffConfirmed",
    ),
    ("checkin::Bell", "counts and flags: no lane is in it"),
    ("checkin::Ended", "holds an Outcome, which is printed"),
    (
        "checkin::Lane",
        "a reader's name and a Summary, which is printed",
    ),
    ("checkin::LaneFace", NO_DEBUG),
    ("checkin::Lanes", "says how many there are"),
    ("checkin::Stopper", "counts and flags: no lane is in it"),
    (
        "checkin::PhotoRead",
        "parts of a card's face, each of which shows its length alone",
    ),
    (
        "checkin::PhoneRead",
        "holds a CardCertificate and a Signed, which are printed",
    ),
    ("checkin::PinlessAuthorization", TRAIT),
    (
        "checkin::PinlessError",
        "wraps CardError, which is printed; else without fields",
    ),
    (
        "checkin::PinlessRight",
        "refers to FaceMatched or StaffConfirmed",
    ),
    (
        "checkin::Proofs",
        "holds PinVerified, ChainValidated, ChallengeSigned and EligibilityConfirmed, all printed",
    ),
    ("checkin::RawCard", TRAIT),
    ("checkin::Reception", NO_DEBUG),
    (
        "checkin::StaffConfirmed",
        "a StaffId, which the audit trail is to show, and a binding",
    ),
    ("checkin::StaffPasscodeSource", TRAIT),
    (
        "checkin::StaffRefused",
        "a StaffId, which the audit trail is to show",
    ),
    ("checkin::Step", "holds an Outcome, which is printed"),
    ("checkin::TaskResult", INSIDE),
    ("checkin::Told", "a Wish and a Failure"),
    ("checkin::Wish", "a PrescriptionIssue, or yes or no"),
    ("eligibility::CentreSaid", INSIDE),
    (
        "eligibility::FeedItem",
        "file names, and a FeedResult (src/eligibility/armed/tests/sessions.rs, fuzz target `face`)",
    ),
    ("eligibility::FeedResult", REPORT),
    ("eligibility::ResultFeed", TRAIT),
    ("eligibility::BulkAnswerWriter", "encoding and count"),
    ("eligibility::BulkWriteError", "wraps MessageError"),
    (
        "eligibility::FaceFolder",
        "folder names and counts (fuzz target `face`)",
    ),
    ("eligibility::FaceSettings", "the clinic's folder and code"),
    ("eligibility::Awaited", ARMED),
    ("eligibility::Bound", ARMED),
    ("eligibility::Event", ARMED),
    ("eligibility::SessionEnd", ARMED),
    ("eligibility::Unbound", ARMED),
    ("eligibility::Why", ARMED),
    ("eligibility::ArmedFeed", ARMED),
    (
        "eligibility::ResultId",
        "a file's name, and a check of its bytes",
    ),
    (
        "eligibility::Decoded",
        "`Debug` is encoding and length (src/eligibility/text/tests.rs)",
    ),
    ("eligibility::CardClassification", CODE),
    ("eligibility::LimitCategory", CODE),
    ("eligibility::LimitCertificateKind", CODE),
    ("eligibility::LimitChanged", CODE),
    ("eligibility::PersonalFamily", CODE),
    ("eligibility::Preschool", CODE),
    ("eligibility::ReasonOfLoss", CODE),
    ("eligibility::Sex", CODE),
    ("eligibility::SpecificDiseaseCategory", CODE),
    ("eligibility::Consistency", CODE),
    ("eligibility::InstitutionMatch", CODE),
    ("eligibility::Recorded", CODE),
    ("eligibility::SamePerson", CODE),
    ("eligibility::SingleOrCombined", CODE),
    ("eligibility::TicketType", CODE),
    ("eligibility::TreatmentType", CODE),
    ("eligibility::AccessUrl", CODE),
    ("eligibility::AuthenticationFactor", CODE),
    ("eligibility::Change", CODE),
    ("eligibility::CharacterCode", CODE),
    ("eligibility::ConsentFlag", CODE),
    ("eligibility::ConsentLapse", CODE),
    ("eligibility::ConsentMatch", CODE),
    ("eligibility::Display", CODE),
    ("eligibility::EmergencyView", CODE),
    ("eligibility::ImageKind", CODE),
    ("eligibility::InformationKind", CODE),
    ("eligibility::InformationRequest", CODE),
    ("eligibility::LimitConsent", CODE),
    ("eligibility::LinkedSystem", CODE),
    ("eligibility::PrescriptionIssue", CODE),
    ("eligibility::PrescriptionMoment", CODE),
    ("eligibility::PrescriptionUse", CODE),
    ("eligibility::ReferenceClassification", CODE),
    ("eligibility::TreatmentCategory", CODE),
    ("eligibility::Usage", CODE),
    ("eligibility::ElderlyRecipient", REPORT),
    ("eligibility::LimitCertificate", REPORT),
    ("eligibility::MedicalTicket", REPORT),
    ("eligibility::SearchInfo", REPORT),
    ("eligibility::SpecificDisease", REPORT),
    ("eligibility::Three", REPORT),
    ("eligibility::UnreadElement", REPORT),
    ("eligibility::BeneficiaryNumber", REPORT),
    ("eligibility::PayerNumber", REPORT),
    ("eligibility::Asked", INSIDE),
    (
        "eligibility::ParsedReport",
        "a Report, which is printed (tests/report.rs)",
    ),
    ("eligibility::Consent", INSIDE),
    ("eligibility::InstitutionCode", OWN),
    ("eligibility::Warning", REPORT),
    (
        "eligibility::AnswerFile",
        "`Debug` is the file's name (src/eligibility/folders/tests/rounds.rs)",
    ),
    (
        "eligibility::AskError",
        "random digits and an error of the kind below",
    ),
    (
        "eligibility::AskErrorKind",
        "wraps MessageError and JournalError; else kinds of I/O errors",
    ),
    ("eligibility::Consumption", OWN),
    (
        "eligibility::ExchangeFolders",
        "`Debug` is the settings and a count",
    ),
    ("eligibility::ExchangeSettings", OWN),
    (
        "eligibility::FolderError",
        "the clinic's own folders, and kinds of I/O errors",
    ),
    ("eligibility::FolderPair", OWN),
    (
        "eligibility::JournalError",
        "kinds of I/O errors and a line's number",
    ),
    (
        "eligibility::QuestionError",
        "wraps JournalError; else kinds of I/O errors",
    ),
    ("eligibility::EligibilityService", TRAIT),
    (
        "eligibility::FileName",
        "the name of a file, which the folder shows anyway",
    ),
    (
        "eligibility::MessageFile",
        "`Debug` is the length (its example)",
    ),
    (
        "eligibility::FileIdentifier",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::Header",
        "the institution's code; the identifier is hidden",
    ),
    (
        "eligibility::Insured",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::NumberQuestion",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::ReferenceRegistration",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::MedicalInformation",
        "codes; the person in it is hidden",
    ),
    (
        "eligibility::Question",
        "days and codes; the people in it are hidden (tests/message.rs)",
    ),
    (
        "eligibility::MessageError",
        "names of elements, lengths and positions",
    ),
    (
        "eligibility::ReceptionNumber",
        "the centre's number of a bulk question",
    ),
    (
        "eligibility::Accepted",
        "`Debug` is codes, counts and names of elements (tests/message.rs)",
    ),
    (
        "eligibility::AnswerHeader",
        "`Debug` is codes, counts and names of elements (tests/message.rs)",
    ),
    (
        "eligibility::BulkAnswer",
        "`Debug` is codes, counts and names of elements (tests/message.rs)",
    ),
    (
        "eligibility::HealthCheckups",
        "`Debug` is codes, counts and names of elements (tests/message.rs)",
    ),
    (
        "eligibility::MedicalAnswer",
        "`Debug` is codes, counts and names of elements (tests/message.rs)",
    ),
    (
        "eligibility::Medicines",
        "`Debug` is codes, counts and names of elements (tests/message.rs)",
    ),
    (
        "eligibility::RegistrationAnswer",
        "`Debug` is codes, counts and names of elements (tests/message.rs)",
    ),
    (
        "eligibility::Rejection",
        "`Debug` is the code at its beginning (its example)",
    ),
    (
        "eligibility::BulkUnit",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::CheckupItem",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::HealthCheckup",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::MedicalHolder",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::MedicineDay",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::MedicineItem",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::MedicineMonth",
        "`Debug` is its name (tests/message.rs)",
    ),
    (
        "eligibility::RegistrationResult",
        "`Debug` is its name (tests/message.rs)",
    ),
    ("eligibility::Archive", "`Debug` is sizes and kinds"),
    ("eligibility::ArchiveEntry", "`Debug` is a size"),
    ("eligibility::PollResult", INSIDE),
    ("eligibility::Presented", INSIDE),
    ("eligibility::ProcessingResultStatus", INSIDE),
    ("eligibility::QualificationValidity", INSIDE),
    ("eligibility::RequestKind", INSIDE),
    ("eligibility::Bundle", "`Debug` is its name (tests/fhir.rs)"),
    (
        "eligibility::BundleId",
        "random bytes, or bytes of the caller's own",
    ),
    ("eligibility::Export", "`Debug` is its name (tests/fhir.rs)"),
    ("eligibility::FhirError", "no fields"),
    ("eligibility::Origin", "times"),
    ("eligibility::Milestone", OWN),
    ("eligibility::Rule", OWN),
    ("eligibility::RuleDates", OWN),
    ("eligibility::RuleTable", OWN),
    ("eligibility::SegmentOfResult", INSIDE),
    (
        "eligibility::Situation",
        "codes and dates of certificates; in the plain outcome of a visit",
    ),
    ("face::ByScore", "`Debug` is its name"),
    ("face::ByTemplate", "`Debug` is its name"),
    ("face::Calibration", OWN),
    (
        "face::CalibrationError",
        "places in a vendor's file, and names of its fields",
    ),
    ("face::CardKeyId", "`Debug` shows nothing"),
    (
        "face::Decision",
        "holds FaceMatched, or a reason without text",
    ),
    ("face::DetCurve", COUNTS),
    ("face::Evaluation", COUNTS),
    ("face::Extraction", "`Debug` shows no template"),
    ("face::DetectorSpec", OWN),
    ("face::EmbedderSpec", OWN),
    ("face::FaceDetector", "`Debug` is a vendor's description"),
    ("face::FaceGeometry", "`Debug` is the score"),
    ("face::FrameLimits", "limits, the same for everybody"),
    ("face::DetectionLimits", "limits, the same for everybody"),
    (
        "face::ModelFile",
        "`Debug` is a length and a vendor's description",
    ),
    ("face::Network", "`Debug` is names of a model's own"),
    ("face::OnnxError", "a vendor's words and positions"),
    ("face::OnnxMatcher", "`Debug` is its name"),
    (
        "face::OutputError",
        "names and lengths of a model's outputs",
    ),
    (
        "face::ScrfdOutput",
        "borrows a model's numbers, which nobody keeps",
    ),
    ("face::Similarity", "how a picture is turned"),
    ("face::SpecError", "a vendor's words and positions"),
    ("face::Tensor", "`Debug` is a length"),
    ("face::Threads", "`Debug` is its name"),
    (
        "face::YunetOutput",
        "borrows a model's numbers, which nobody keeps",
    ),
    ("face::FaceCapture", TRAIT),
    ("face::FaceEngine", TRAIT),
    (
        "face::FaceMatched",
        "a binding, a realm, a digest, and BirthDate, which is printed",
    ),
    ("face::FaceMatcher", TRAIT),
    ("face::FaceTally", "`Debug` is a count"),
    ("face::FaceVerifier", TRAIT),
    ("face::Judges", NO_DEBUG),
    (
        "face::LiveImage",
        "`Debug` is width and height (tests/face.rs)",
    ),
    ("face::MatchPolicy", OWN),
    ("face::MatcherId", OWN),
    ("face::MatcherInfo", OWN),
    ("face::PhotoError", "positions in a file"),
    ("face::PhotoProblem", "positions in a file"),
    (
        "face::Picture",
        "`Debug` is width, height and layout (its example)",
    ),
    ("face::PictureError", "sizes, layouts and lengths"),
    ("face::PixelFormat", "sizes, layouts and lengths"),
    ("face::PresentationAttackDetector", TRAIT),
    ("face::QualityAssessor", TRAIT),
    (
        "face::Sample",
        "holds LivePhoto or LiveImage, which show lengths",
    ),
    ("face::Scores", COUNTS),
    ("face::Trials", COUNTS),
    ("simulation::Connector", FICTION),
    ("simulation::ConnectorError", FICTION),
    ("simulation::ConnectorPlan", FICTION),
    ("simulation::ConnectorSettings", FICTION),
    ("simulation::FaceCheckIn", FICTION),
    ("simulation::FaceOutcome", FICTION),
    ("simulation::HandledQuestion", FICTION),
    ("simulation::Patient", FICTION),
    ("simulation::Said", FICTION),
    ("simulation::Behaviour", "printed inside Scenario"),
    ("simulation::Centre", "can't be printed"),
    (
        "simulation::CertificateSpec",
        "what a test asks a certificate to say",
    ),
    ("simulation::CrlEntry", "what a test asks a list to say"),
    ("simulation::CrlSpec", "what a test asks a list to say"),
    ("simulation::Deed", "a choice, which is printed, or nothing"),
    (
        "simulation::Scenario",
        "printed, and searched for its own persona's data",
    ),
    ("simulation::OcspSpec", "what a test asks an answer to say"),
    ("simulation::SimulatedDetector", "a fixed answer"),
    ("simulation::SimulatedMatcher", "a fixed answer"),
    ("simulation::SoftwareCard", TRAIT),
    (
        "simulation::StateError",
        "paths and line numbers of a test's file",
    ),
    (
        "simulation::TroubledCard",
        "a VirtualCard, which is printed",
    ),
    (
        "simulation::VirtualPerson",
        "printed, and searched for its own persona's data",
    ),
    ("simulation::Vpcd", "a socket"),
    ("simulation::VpcdError", "errors of a socket"),
    ("transport::AnyReader", "a name of a reader"),
    ("transport::Cancel", TRAIT),
    ("transport::PcscReader", "a name of a reader; feature pcsc"),
    ("transport::PcscReaders", "names of readers; feature pcsc"),
    ("transport::PcscTransport", "a handle; feature pcsc"),
    ("transport::Reader", TRAIT),
    ("transport::ReaderEvent", "a name of a reader; feature pcsc"),
    ("transport::TraceEvent", "printed as lines of traces"),
    (
        "transport::TracedReader",
        "a reader, which is printed, and a function",
    ),
    ("transport::Transport", TRAIT),
    (
        "trust::AlgorithmPolicy",
        "algorithms, the same for everybody",
    ),
    (
        "trust::CertificateUse",
        "a choice of the caller, the same for everybody",
    ),
    (
        "trust::CrlIndex",
        "`Debug` is counts and times (tests/revocation_*.rs)",
    ),
    (
        "trust::CrlSource",
        "`Debug` is counts and times (tests/revocation_*.rs)",
    ),
    (
        "trust::OcspAnswer",
        "`Debug` is counts and times (tests/revocation_*.rs)",
    ),
    (
        "trust::OcspRequest",
        "`Debug` is counts and times (tests/revocation_*.rs)",
    ),
    (
        "trust::RevocationError",
        "`Debug` is counts and times (tests/revocation_*.rs)",
    ),
    (
        "trust::RevocationQuery",
        "`Debug` is counts and times (tests/revocation_*.rs)",
    ),
    (
        "trust::RevocationSource",
        "`Debug` is counts and times (tests/revocation_*.rs)",
    ),
    ("trust::Root", OWN),
    ("trust::Roots", OWN),
    (
        "trust::SignatureAlgorithm",
        "algorithms, the same for everybody",
    ),
    ("trust::TerminalId", OWN),
    (
        "trust::TrustError",
        "names of elements and dates; printed where a chain is refused",
    ),
];
