//! Documents with every known element, in orders of their own. The values are invented; the numbers are valid.

/// The answer to the first step of a bulk question.
pub const ACCEPTED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>
<XmlMsg><MessageBody>
<ReceptionDateTime>20261105091503</ReceptionDateTime><ReceptionNumber>00000123</ReceptionNumber>
<ProcessingResultStatus>1</ProcessingResultStatus><ProcessingResultCode>SIM-1</ProcessingResultCode>
<ProcessingResultMessage>受付</ProcessingResultMessage>
</MessageBody><MessageHeader>
<ProcessExecutionTime>20261105091502</ProcessExecutionTime><QualificationConfirmationDate>20261105</QualificationConfirmationDate>
<MedicalInstitutionCode>1319999999</MedicalInstitutionCode><ArbitraryFileIdentifier>b-1</ArbitraryFileIdentifier>
<ReferenceClassification>2</ReferenceClassification><ReceptionNumber>77</ReceptionNumber><SegmentOfResult>1</SegmentOfResult>
<ErrorCode>E-0</ErrorCode><ErrorMessage>なし</ErrorMessage><NumberOfProcessingResult>3</NumberOfProcessingResult>
<NumberOfNormalProcessing>2</NumberOfNormalProcessing><NumberOfError>1</NumberOfError>
<CharacterCodeIdentifier>0</CharacterCodeIdentifier>
</MessageHeader></XmlMsg>
";

/// The answer to a registration.
pub const REGISTRATION: &str = "<XmlMsg><MessageHeader>
<MedicalInstitutionCode>1319999999</MedicalInstitutionCode><ArbitraryFileIdentifier>r-1</ArbitraryFileIdentifier>
<SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier>1</CharacterCodeIdentifier>
</MessageHeader><MessageBody>
<ProcessingResultStatus>2</ProcessingResultStatus><ProcessingResultCode>SIM-2</ProcessingResultCode>
<ReferenceNumberRegistrationInfo><ReferenceNumber>P-000123</ReferenceNumber><InsurerNumber>  139998</InsurerNumber>
<InsuredCardSymbol>見本01</InsuredCardSymbol><InsuredIdentificationNumber>1234</InsuredIdentificationNumber>
<InsuredBranchNumber>02</InsuredBranchNumber></ReferenceNumberRegistrationInfo>
<ProcessingResultMessage>登録済</ProcessingResultMessage>
</MessageBody></XmlMsg>
";

/// Two people of a bulk registration.
pub const REGISTRATIONS: &str = "<XmlMsg><MessageBody>
<BulkRegistrationUnit><ReferenceNumberRegistrationInfo><ReferenceNumber>P-1</ReferenceNumber>
<InsurerNumber>06139992</InsurerNumber><InsuredIdentificationNumber>５６７８</InsuredIdentificationNumber>
</ReferenceNumberRegistrationInfo><ProcessingResultStatus>1</ProcessingResultStatus></BulkRegistrationUnit>
<BulkRegistrationUnit><ProcessingResultStatus>2</ProcessingResultStatus><ProcessingResultCode>E-9</ProcessingResultCode>
<ProcessingResultMessage>該当なし</ProcessingResultMessage></BulkRegistrationUnit>
</MessageBody><MessageHeader><ReceptionNumber>77</ReceptionNumber><SegmentOfResult>1</SegmentOfResult>
<NumberOfProcessingResult>2</NumberOfProcessingResult></MessageHeader></XmlMsg>
";

/// A bulk answer before its people, and after them.
pub const BULK: (&str, &str) = (
    "<?xml version=\"1.0\"?>\n<!-- - --><XmlMsg><MessageHeader>
<ProcessExecutionTime>20261105091502</ProcessExecutionTime><MedicalInstitutionCode>1319999999</MedicalInstitutionCode>
<ArbitraryFileIdentifier>b-1</ArbitraryFileIdentifier><ReceptionNumber>77</ReceptionNumber>
<SegmentOfResult>1</SegmentOfResult><NumberOfProcessingResult>2</NumberOfProcessingResult>
<NumberOfNormalProcessing>2</NumberOfNormalProcessing><NumberOfError>0</NumberOfError>
<CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader><MessageBody>
",
    "</MessageBody></XmlMsg>\n",
);

/// One person of it, around what a report holds of the person.
pub const UNIT: (&str, &str) = (
    "<BulkConfirmUnit><ReferenceNumber>P-9</ReferenceNumber><QualificationConfirmSearchInfo>
<InsurerNumber>06139992</InsurerNumber><InsuredIdentificationNumber>5678</InsuredIdentificationNumber>
<ArbitraryIdentifier>visit-2</ArbitraryIdentifier></QualificationConfirmSearchInfo>
<ProcessingResultStatus>1</ProcessingResultStatus><ProcessingResultCode>SIM-3</ProcessingResultCode>
<ProcessingResultMessage>見本</ProcessingResultMessage><QualificationValidity>3</QualificationValidity>
",
    "</BulkConfirmUnit>\n",
);

/// Medicines of each of the three sources.
pub const MEDICINES: &str = "<XmlMsg><MessageHeader>
<ArbitraryFileIdentifier>m-1</ArbitraryFileIdentifier><SegmentOfResult>1</SegmentOfResult>
<QuaInf><Name>見本　花子</Name><KanaName>ﾐﾎﾝ ﾊﾅｺ</KanaName><Birth>19800401</Birth><AdmGendCode>2</AdmGendCode></QuaInf>
<ResultCode>1</ResultCode></MessageHeader><MessageBody>
<MessageContents>正常</MessageContents>
<CzDiInf><CzDiMonthInf><CzDiMonth>202609</CzDiMonth><CzDiOrg>1</CzDiOrg><CzMeTrDiHCd>1319999999</CzMeTrDiHCd>
<CzMeTrDiHNm>見本薬局</CzMeTrDiHNm><CzPrlsHCd>1399999992</CzPrlsHCd><CzPrlsHNm>見本診療所</CzPrlsHNm>
<CzPrIsOrg>2</CzPrIsOrg><CzPrCl>3</CzPrCl><CzDiDateInfs><CzDiDateInf><CzDiDate>20260901</CzDiDate>
<CzPrDate>20260831</CzPrDate><CzDrugInfs><CzDrugInf><CzDrugC>D1</CzDrugC><CzDrugN>見本錠</CzDrugN>
<CzIngreN>成分</CzIngreN><CzQua1>2</CzQua1><CzUnit>錠</CzUnit><CzUsageN>朝食後</CzUsageN><CzUsageCl>1</CzUsageCl>
<CzTimes>7</CzTimes><CzSpInst>粉砕</CzSpInst></CzDrugInf></CzDrugInfs></CzDiDateInf></CzDiDateInfs></CzDiMonthInf></CzDiInf>
<MeTrMonthInf><MeTrMonth>202610</MeTrMonth><DiOrg>4</DiOrg><MeTrDiHCd>1319999991</MeTrDiHCd><MeTrDiHNm>別薬局</MeTrDiHNm>
<PrlsHCd>1399999993</PrlsHCd><PrlsHNm>別診療所</PrlsHNm><PrIsOrg>5</PrIsOrg><InOut>6</InOut><DiDateInfs>
<DiDateInf><DiDate>20261005</DiDate><PrDate>20261004</PrDate><DrugInfs>
<DrugInf><DrugC>D2</DrugC><DrugN>見本錠１０ｍｇ</DrugN><IngreN>別成分</IngreN><Qua1>3</Qua1><Unit>包</Unit><UsageN>夕食後</UsageN>
<MeTrIdCl>8</MeTrIdCl><Times>14</Times><SpInst>一包化</SpInst></DrugInf>
<DrugInf><DrugN>二番目</DrugN></DrugInf></DrugInfs></DiDateInf></DiDateInfs></MeTrMonthInf>
<ShPrInf><ShPrMonthInf><ShPrMonth>202611</ShPrMonth><ShPrOrg>7</ShPrOrg><ShMeTrDiHCd>1319999992</ShMeTrDiHCd>
<ShMeTrDiHNm>処方元</ShMeTrDiHNm><ShPrHCd>1399999994</ShPrHCd><ShPrHNm>処方医院</ShPrHNm><ShPrIsOrg>9</ShPrIsOrg>
<ShPrCl>0</ShPrCl><ShPrDateInfs><ShPrDateInf><ShPrDate>20261102</ShPrDate><ShDrugInfs><ShDrugInf><ShDrugC>D3</ShDrugC>
<ShDrugN>処方錠</ShDrugN><ShIngreN>三成分</ShIngreN><ShQua1>4</ShQua1><ShUnit>枚</ShUnit><ShUsageN>就寝前</ShUsageN>
<ShUsageCl>2</ShUsageCl><ShTimes>28</ShTimes><ShSpInst>冷所</ShSpInst></ShDrugInf></ShDrugInfs></ShPrDateInf></ShPrDateInfs>
</ShPrMonthInf></ShPrInf></MessageBody></XmlMsg>
";

/// Check-ups.
pub const CHECKUPS: &str = "<XmlMsg><MessageBody>
<SpecificHealthCheckupInfo><HealthCheckupResultAndQuestionInfos>
<HealthCheckupResultAndQuestionInfo><ItemCode>9N001</ItemCode><ItemName>身長</ItemName><DataType>PQ</DataType>
<DataValue>160.5</DataValue><Unit>cm</Unit><Oid>1.2.392</Oid><DataValueName>正常</DataValueName>
</HealthCheckupResultAndQuestionInfo>
<HealthCheckupResultAndQuestionInfo><ItemName>体重</ItemName></HealthCheckupResultAndQuestionInfo>
</HealthCheckupResultAndQuestionInfos><EffectiveTime>20260601</EffectiveTime></SpecificHealthCheckupInfo>
<SpecificHealthCheckupInfo><EffectiveTime>20250601</EffectiveTime></SpecificHealthCheckupInfo>
<ResultCode>1</ResultCode>
</MessageBody><MessageHeader><QualificationsInfo><Name>見本　花子</Name><KanasName>ﾐﾎﾝ ﾊﾅｺ</KanasName>
<Birthday>19800401</Birthday><AdministrativeGenderCode>2</AdministrativeGenderCode></QualificationsInfo>
<MessageContents>正常</MessageContents></MessageHeader></XmlMsg>
";

/// Prefix of the family, step (`01`, `02`) and body of each kind of question, and what its header holds besides.
pub const QUESTIONS: [(&str, &str, &str, &str); 11] = [
    (
        "OQSsiquc",
        "01",
        "<QualificationConfirmationDate>20261105</QualificationConfirmationDate>",
        "<QualificationConfirmSearchInfo><InsurerNumber>  139998</InsurerNumber>\
         <InsuredCardSymbol>見本０１</InsuredCardSymbol><InsuredIdentificationNumber>1234</InsuredIdentificationNumber>\
         <InsuredBranchNumber>02</InsuredBranchNumber><Birthdate>19800401</Birthdate>\
         <LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>\
         <ArbitraryIdentifier>visit-1</ArbitraryIdentifier></QualificationConfirmSearchInfo>",
    ),
    (
        "OQSsiimm",
        "01",
        "",
        "<ReferenceNumberRegistrationInfo><ReferenceNumber>P-000123</ReferenceNumber>\
         <InsurerNumber>06139992</InsurerNumber><InsuredIdentificationNumber>1234</InsuredIdentificationNumber>\
         </ReferenceNumberRegistrationInfo>",
    ),
    (
        "OQSmuquc",
        "01",
        "<QualificationConfirmationDate>20261106</QualificationConfirmationDate>",
        "<QualificationConfirmSearchInfo><InsurerNumber>00139998</InsurerNumber>\
         <InsuredIdentificationNumber>1</InsuredIdentificationNumber><Birthdate>19800401</Birthdate>\
         <LimitApplicationCertificateRelatedConsFlg>0</LimitApplicationCertificateRelatedConsFlg>\
         </QualificationConfirmSearchInfo><QualificationConfirmSearchInfo><Birthdate>19521231</Birthdate>\
         <InsurerNumber>39139993</InsurerNumber><InsuredIdentificationNumber>2</InsuredIdentificationNumber>\
         <LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>\
         </QualificationConfirmSearchInfo>",
    ),
    (
        "OQSmuimm",
        "01",
        "",
        "<ReferenceNumberRegistrationInfo><ReferenceNumber>A</ReferenceNumber><InsurerNumber>139998</InsurerNumber>\
         <InsuredCardSymbol>記</InsuredCardSymbol><InsuredIdentificationNumber>1</InsuredIdentificationNumber>\
         <InsuredBranchNumber>01</InsuredBranchNumber></ReferenceNumberRegistrationInfo>\
         <ReferenceNumberRegistrationInfo><ReferenceNumber>B</ReferenceNumber><InsurerNumber>139998</InsurerNumber>\
         <InsuredIdentificationNumber>2</InsuredIdentificationNumber></ReferenceNumberRegistrationInfo>",
    ),
    (
        "OQSmutic",
        "01",
        "",
        "<QualificationConfirmSearchInfo><MedicalTreatmentMonth>202611</MedicalTreatmentMonth>\
         </QualificationConfirmSearchInfo>",
    ),
    (
        "OQSmuhvq",
        "01",
        "",
        "<QualificationConfirmSearchInfo><ConsentDateFrom>20261101</ConsentDateFrom>\
         <ConsentDateTo>20261130</ConsentDateTo><MedicalTreatmentFlag>2</MedicalTreatmentFlag>\
         </QualificationConfirmSearchInfo>",
    ),
    (
        "OQSmuonq",
        "01",
        "",
        "<QualificationConfirmSearchInfo><MedicalTreatmentFlag>3</MedicalTreatmentFlag>\
         <ExaminationDateFrom>20261101</ExaminationDateFrom><ExaminationDateTo>20261101</ExaminationDateTo>\
         </QualificationConfirmSearchInfo>",
    ),
    (
        "OQSmuonq",
        "01",
        "",
        "<QualificationConfirmSearchInfo><ConsentDateTo>20261102</ConsentDateTo>\
         <ConsentDateFrom>20261101</ConsentDateFrom><MedicalTreatmentFlag>3</MedicalTreatmentFlag>\
         </QualificationConfirmSearchInfo>",
    ),
    (
        "OQSmuquc",
        "02",
        "",
        "<ReceptionNumber>00000123</ReceptionNumber>",
    ),
    (
        "YZKsiquc",
        "01",
        "<InsurerNumber>06139992</InsurerNumber><InsuranceCardSymbol>見本</InsuranceCardSymbol>\
         <InsuredPersonIdentificationNumber>1234</InsuredPersonIdentificationNumber><BranchNumber>02</BranchNumber>",
        "<StartDate>202601</StartDate><EndDate>202611</EndDate><FileCategory>2</FileCategory>\
         <PrDiInfClassification>1</PrDiInfClassification><MedicalTreatmentFlag>1</MedicalTreatmentFlag>",
    ),
    (
        "TKKsiquc",
        "01",
        "<InsurerNumber>06139992</InsurerNumber><InsuredPersonIdentificationNumber>1234</InsuredPersonIdentificationNumber>",
        "<FileCategory>1</FileCategory><PrDiInfClassification>1</PrDiInfClassification>\
         <MedicalTreatmentFlag>4</MedicalTreatmentFlag>",
    ),
];

/// The whole of one of [`QUESTIONS`].
pub fn question(of: usize) -> (&'static str, &'static str, String) {
    let (prefix, step, header, body) = QUESTIONS[of % QUESTIONS.len()];
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>{header}\
         <ArbitraryFileIdentifier>q-1</ArbitraryFileIdentifier><MedicalInstitutionCode>1319999999</MedicalInstitutionCode>\
         </MessageHeader><MessageBody>{body}</MessageBody></XmlMsg>"
    );
    (prefix, step, document)
}

/// A bulk answer about `count` people, with what a report holds of one in each.
pub fn bulk(count: usize, person: &str) -> String {
    let unit = format!("{}{person}{}", UNIT.0, UNIT.1);
    format!("{}{}{}", BULK.0, unit.repeat(count), BULK.1)
}
