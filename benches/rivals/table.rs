//! The table.

use crate::{Client, Tally, Task, Trouble};
use std::fmt::Write as _;

/// One line: a client at a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What was to do.
    pub task: Task,
    /// Who did it: name and version.
    pub client: String,
    /// What reached the card.
    pub outcome: Result<Tally, String>,
}

impl Row {
    /// The client without how it's linked.
    fn name(&self) -> &str {
        self.client
            .split_once(',')
            .map_or(self.client.as_str(), |(name, _)| name)
    }
}

/// All lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(pub Vec<Row>);

impl Rows {
    /// Runs every client in this process at every task.
    ///
    /// # Errors
    ///
    /// A client failed at what it offers.
    pub fn run() -> Result<Self, String> {
        let mut rows: Vec<Row> = Vec::new();
        for task in Task::ALL {
            for client in Client::ALL {
                let wire = client.card();
                let outcome = match client.run(task, &wire) {
                    Ok(_) => Ok(wire.tally()),
                    Err(Trouble::NotOffered(why)) => Err(why.to_owned()),
                    Err(Trouble::Failed(why)) => return Err(format!("{client}, {task}: {why}")),
                };
                // Often there is nothing to find out, or it costs nothing.
                let as_if_known = |row: &Row| row.task == task && row.outcome == outcome;
                if client == Client::UketsukeLearning && rows.last().is_some_and(as_if_known) {
                    continue;
                }
                rows.push(Row {
                    task,
                    client: client.to_string(),
                    outcome,
                });
            }
        }
        Ok(Self(rows))
    }

    /// Adds lines that were counted elsewhere. Those that are here already have to say the same.
    ///
    /// # Errors
    ///
    /// One doesn't.
    pub fn extend(&mut self, counted: Vec<Row>) -> Result<(), String> {
        for row in counted {
            let same = |here: &&Row| here.task == row.task && here.client == row.client;
            match self.0.iter().find(same) {
                None => self.0.push(row),
                Some(here) if here.outcome == row.outcome => {}
                Some(here) => {
                    return Err(format!(
                        "{}, {}: {here:?} but {row:?}",
                        row.client, row.task
                    ));
                }
            }
        }
        Ok(())
    }

    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = String::from(
            "| | exchanges | bytes up | bytes down | ms at 106 kbit/s | at 424 |\n|---|---|---|---|---|---|\n",
        );
        for task in Task::ALL {
            let _infallible = writeln!(out, "| **{task}** | | | | | |");
            let mut refused = "";
            for row in self.0.iter().filter(|row| row.task == task) {
                let _infallible = match &row.outcome {
                    Ok(tally) => {
                        let [slow, fast] = tally.hold_ms();
                        writeln!(
                            out,
                            "| {} | {} | {} | {} | {slow} | {fast} |",
                            row.client,
                            tally.exchanges(),
                            tally.up(),
                            tally.down(),
                        )
                    }
                    // Once for a client, however it could be linked.
                    Err(_) if row.name() == refused => Ok(()),
                    Err(why) => {
                        refused = row.name();
                        writeln!(out, "| {refused} | {why} | | | | |")
                    }
                };
            }
        }
        out
    }
}
