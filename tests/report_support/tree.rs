//! A document as a tree. Knows only what the documents of these tests are made of.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    /// As it stands in the document, escaped.
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The root element of a document.
    pub fn parse(document: &str) -> Self {
        let start = document.find("<XmlMsg>").unwrap_or_default();
        let (node, rest) = Self::element(&document[start..]);
        assert_eq!(rest.trim(), "");
        node
    }

    fn element(text: &str) -> (Self, &str) {
        let (name, mut rest) = text.strip_prefix('<').unwrap().split_once('>').unwrap();
        let mut node = Self {
            name: name.to_owned(),
            text: String::new(),
            children: Vec::new(),
        };
        let end = format!("</{name}>");
        loop {
            let (before, from) = rest.split_at(rest.find('<').unwrap());
            node.text.push_str(before);
            if let Some(after) = from.strip_prefix(&end) {
                if !node.children.is_empty() {
                    assert_eq!(node.text.trim(), "");
                    node.text.clear();
                }
                return (node, after);
            }
            let (child, after) = Self::element(from);
            node.children.push(child);
            rest = after;
        }
    }

    pub fn document(&self, encoding: &str) -> String {
        let mut text =
            format!("<?xml version=\"1.0\" encoding=\"{encoding}\" standalone=\"no\"?>\n");
        self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) {
        to.push_str(&format!("<{}>{}", self.name, self.text));
        self.children.iter().for_each(|child| child.write(to));
        to.push_str(&format!("</{}>", self.name));
    }

    /// Another order everywhere, but among elements of one name. `next` chooses.
    pub fn shuffle(&mut self, next: &mut dyn FnMut() -> usize) {
        let mut names: Vec<String> = self.children.iter().map(|c| c.name.clone()).collect();
        for i in (1..names.len()).rev() {
            names.swap(i, next() % (i + 1));
        }
        let mut left = std::mem::take(&mut self.children);
        for name in names {
            let first = left.iter().position(|child| child.name == name).unwrap();
            self.children.push(left.remove(first));
        }
        self.children
            .iter_mut()
            .for_each(|child| child.shuffle(next));
    }

    /// The other way round everywhere.
    pub fn reverse(&mut self) {
        self.children.reverse();
        self.children.iter_mut().for_each(Self::reverse);
    }

    /// All texts of elements that hold no others, sorted.
    pub fn texts(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.each(&mut |node| {
            if node.children.is_empty() && !node.text.trim().is_empty() {
                all.push(node.text.clone());
            }
        });
        all.sort_unstable();
        all
    }

    pub fn each(&self, visit: &mut dyn FnMut(&Node)) {
        visit(self);
        self.children.iter().for_each(|child| child.each(visit));
    }

    /// All names, each once.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.each(&mut |node| names.push(node.name.clone()));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Leaves only the first element of this name, with what is in it and around it.
    pub fn keep_only(&mut self, name: &str) -> bool {
        if self.name == name {
            return true;
        }
        let found = self
            .children
            .iter_mut()
            .position(|child| child.keep_only(name));
        if let Some(at) = found {
            self.children.swap(0, at);
            self.children.truncate(1);
        }
        found.is_some()
    }

    /// The first element of this name, wherever it is.
    pub fn find(&mut self, name: &str) -> Option<&mut Node> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter_mut().find_map(|child| child.find(name))
    }
}
