// The steps that the guide plays. `art` and `screen`: the drawing and the screen that the person would see then; `ways`:
// only for these ways of identification; `fitting`: which of the examples of that screen; `lies`: the drawing has another form on a reader for upright cards.

export const GUIDE = {
  ja: {
    brand: "使い方",
    title: "マイナンバーカードで受付する方法",
    toKiosk: "受付の画面へ",
    stepsLabel: "手順",
    prev: "前へ",
    next: "次へ",
    first: "はじめから",
    play: "自動で見る",
    pause: "止める",
    keys: "矢印キー（← →）でも進めます。見るだけで、何も送られません。",
    of: (at, all) => `${all}のうち${at}`,
    preview: "このとき画面に出る言葉",
    ways: { legend: "本人確認の方法", pin: "暗証番号", face: "顔認証", phone: "スマートフォン" },
    readers: { legend: "カードリーダーの形", flat: "横に置く", upright: "縦に置く" },
  },
  en: {
    brand: "How it works",
    title: "How to check in with your My Number card",
    toKiosk: "To the check-in",
    stepsLabel: "Steps",
    prev: "Back",
    next: "Next",
    first: "From the start",
    play: "Play by itself",
    pause: "Pause",
    keys: "The arrow keys (← →) work too. You only watch: nothing is sent.",
    of: (at, all) => `${at} of ${all}`,
    preview: "What the screen says then",
    ways: { legend: "Way of identification", pin: "PIN", face: "Face", phone: "Phone" },
    readers: { legend: "Shape of the card reader", flat: "Card lies across", upright: "Card lies upright" },
  },
};

export const STEPS = [
  {
    id: "ready", art: "welcome", screen: null, ways: ["pin", "face"],
    ja: { title: "カードを用意します", lines: ["マイナンバーカードを、カードケースから出します。", "暗証番号で受付する方は、4桁の番号を思い出しておくと安心です。わからなくても受付できます。"], picture: "受付の机と、職員、カードの絵" },
    en: { title: "Have your card ready", lines: ["Take your My Number card out of its sleeve.", "If you will use the PIN, it helps to have the four digits in mind. Not knowing them is all right too."], picture: "A reception desk with a member of staff and a card" },
  },
  {
    id: "place", art: "place", screen: "place-card", lies: true, ways: ["pin", "face"],
    ja: { title: "カードを置きます", lines: ["顔写真が見える面を上にして、点線のわくの中に置きます。", "手をはなして大丈夫です。読み取りは自動で始まります。"], picture: "横向きのカードを、写真の面を上にして、カードリーダーのわくの中に置く絵", upright: "縦向きのカードを、写真の面を上にして、カードリーダーのわくの中に置く絵" },
    en: { title: "Place the card", lines: ["Put it inside the dotted frame, with the photo facing up.", "You can let go of it. The reading begins by itself."], picture: "A card lying across, photo up, going into the frame on the card reader", upright: "A card lying upright, photo up, going into the frame on the card reader" },
  },
  {
    id: "reading", art: "reading", screen: "reading-card", lies: true, ways: ["pin", "face"],
    ja: { title: "読み取りを待ちます", lines: ["カードを動かさずに、少しだけお待ちください。", "進みぐあいは、画面の線でわかります。"], picture: "カードリーダーが、置かれたカードを読み取っている絵" },
    en: { title: "Wait while it is read", lines: ["Please leave the card where it is for a moment.", "The bar on the screen shows how far it has come."], picture: "The card reader reading the card that lies on it" },
  },
  {
    id: "method", art: "methods", screen: "choose-method", ways: ["pin", "face"], fitting: { face: true, staff: true, pin_tries_left: 3 },
    ja: { title: "本人確認の方法を選びます", lines: ["顔認証か、暗証番号を選びます。職員による確認を選べるところもあります。", "うまくいかないときは、途中で別の方法にかえられます。"], picture: "顔のわくと、数字のキーの絵" },
    en: { title: "Choose how to be identified", lines: ["Choose your face or your PIN. Some places also offer a check by staff.", "If one way does not work, you can change to another."], picture: "A frame around a face, and keys with digits" },
  },
  {
    id: "pin", art: "pin", screen: "enter-pin", fitting: { tries_left: 3, wrong: false, other_ways: true, phone: false }, ways: ["pin"],
    ja: { title: "暗証番号を入力します", lines: ["4つの数字を押して、「入力する」を押します。押した数字は画面に出ません。", "まちがえたときは、もう一度入力できます。あと何回入力できるかは、画面に出ています。"], picture: "4つの丸と、数字のキーの絵" },
    en: { title: "Enter the PIN", lines: ["Press four digits, then OK. The digits are not shown on the screen.", "If it was not right, you can enter it again. The screen says how many tries are left."], picture: "Four dots above keys with digits" },
  },
  {
    id: "face", art: "camera", screen: "look-at-camera", ways: ["face"],
    ja: { title: "カメラを見ます", lines: ["画面のわくにお顔を合わせると、自動で撮影します。", "帽子やサングラスは、外せるときは外してください。撮った写真は残りません。"], picture: "わくの中に、正面を向いた顔がある絵" },
    en: { title: "Look at the camera", lines: ["Bring your face into the frame. The picture is taken by itself.", "Please take off a hat or sunglasses if you can. The picture is not kept."], picture: "A face looking straight ahead inside a frame" },
  },
  {
    id: "phone", art: "phones", screen: "choose-phone", fitting: { iphone: true }, ways: ["phone"],
    ja: { title: "スマートフォンを選びます", lines: ["マイナンバーカードの機能を入れたスマートフォンを、カードのかわりに使えるところがあります。", "最初の画面で「スマートフォン」を押してから、種類を選びます。"], picture: "スマートフォンが2台。1台にはカードの絵、もう1台には顔のわくが出ている" },
    en: { title: "Choose your phone", lines: ["Some places take a phone in place of the card, if it holds your My Number card.", "Press Phone on the first screen, then choose which kind it is."], picture: "Two phones: one shows a card, the other a frame around a face" },
  },
  {
    id: "phone-pin", art: "pin", screen: "enter-pin", fitting: { phone: true, wrong: false }, ways: ["phone"],
    ja: { title: "Androidは、先に暗証番号を入力します", lines: ["スマートフォンの4桁の番号です。カードの番号とちがうことがあります。", "iPhoneは、このかわりに、iPhoneの画面で本人確認をします。"], picture: "4つの丸と、数字のキーの絵" },
    en: { title: "Android: the PIN comes first", lines: ["Enter the phone's 4-digit PIN on the check-in screen. It may not be the card's.", "With an iPhone you confirm on the iPhone that it is you, and enter no PIN here."], picture: "Four dots above keys with digits" },
  },
  {
    id: "phone-tap", art: "tap", screen: "tap-phone", fitting: { kind: "android", again: null }, ways: ["phone"],
    ja: { title: "専用のリーダーにかざします", lines: ["カードを置くところとは別の、スマートフォン用のリーダーです。", "画面が変わるまで、そのままお待ちください。"], picture: "スマートフォンを、専用のリーダーにかざす絵" },
    en: { title: "Hold it to the phone reader", lines: ["It is not where a card goes: phones have a reader of their own.", "Keep the phone still until the screen changes."], picture: "A phone being held to the phone reader" },
  },
  {
    id: "consents", art: "consent", screen: "consents",
    ja: { title: "情報を見せるか選びます", lines: ["お薬や健診などの情報を、この医療機関に見せてよいかを選びます。", "見せなくても受診できます。1つずつ選ぶこともできます。"], picture: "医療の記録の紙と、確認のしるしの絵" },
    en: { title: "Choose what to show", lines: ["Choose whether this clinic may see your medicines, check-ups and so on.", "You can see the doctor either way. You can also decide one by one."], picture: "Papers with a medical record, and a check mark" },
  },
  {
    id: "accepted", art: "accepted", screen: "accepted", fitting: { eligibility_only: false },
    ja: { title: "受付できました", lines: ["お名前を確かめて、「終わる」を押します。"], picture: "緑の丸の中の、確認のしるし" },
    en: { title: "You are checked in", lines: ["See that the name is yours, then press Finish."], picture: "A check mark in a green circle" },
  },
  {
    id: "take", art: "take", screen: "take-card", fitting: { alarm: false }, lies: true, ways: ["pin", "face"],
    ja: { title: "カードを取ります", lines: ["カードを取って、お席でお待ちください。", "置いたままのときは、画面でお知らせします。"], picture: "カードを、カードリーダーから持ち上げる絵" },
    en: { title: "Take your card", lines: ["Take your card, and please have a seat.", "If it is left behind, the screen will tell you."], picture: "A card being lifted off the card reader" },
  },
  {
    id: "help", art: "not-accepted", screen: null,
    ja: { title: "うまくいかなくても大丈夫です", lines: ["カードが使えないときも、画面が次にすることをお伝えします。", "困ったときは、いつでも受付の職員にお声がけください。"], picture: "職員が案内している絵" },
    en: { title: "It is all right if it does not work", lines: ["If the card cannot be used, the screen says what to do next.", "You can ask the reception staff at any time."], picture: "A member of staff giving directions" },
  },
];
