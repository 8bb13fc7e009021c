//! The first start: a book's first questions, and what a new book gets.

use crate::domain::command::{Origin, Slot};
use crate::domain::pipeline;
use crate::store::{NewBook, StoreError};
use crate::tui::forms;
use crate::tui::forms::first_start::{Answers, FirstStart};
use crate::tui::layers::{Layer, OnceKnown};
use crate::tui::msg::Effect;
use crate::tui::widgets::Answer;

use super::{Act, App, Book};

/// The slots of what a first start makes, beside the pipeline's own.
const REASONS: Slot = Slot(100);
const FIRST_REP: Slot = Slot(200);

impl App {
    /// There is no book: asks where, in which currency and zone it is to be.
    pub(super) fn welcome(&mut self) {
        self.book = Book::Closed;
        self.fail_all(Some(
            "There is no book yet. q leaves, clinch --book FILE opens another.",
        ));
        let guess = &self.first_start;
        let questions = FirstStart::new(&guess.book, guess.currency, guess.zone, &guess.rep);
        self.layers.push(Layer::Welcome(Box::new(questions)));
    }

    pub(super) fn welcome_answered(&mut self, questions: Box<FirstStart>, answer: Answer<Answers>) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Welcome(questions)),
            Answer::Cancel => self.out.push(Effect::Quit),
            Answer::Submit(answers) => {
                let new = NewBook {
                    name: answers.name.clone(),
                    base: answers.base,
                    zone: answers.zone,
                    fiscal_start: 1,
                };
                self.out.push(Effect::Create(answers.path.clone(), new));
                self.founding = Some(answers);
                // The questions come back where the book cannot be made as they were answered.
                self.layers.push(Layer::Welcome(questions));
            }
        }
    }

    /// The book that was asked for was made, or not.
    pub(super) fn created(&mut self, outcome: &Result<(), StoreError>) {
        match outcome {
            Ok(()) => {
                self.layers.clear();
                self.book = Book::Opening;
                self.fail_all(None);
            }
            Err(error) => {
                self.founding = None;
                if let Some(Layer::Welcome(questions)) = self.layers.last_mut() {
                    questions.refuse(&error.to_string());
                }
            }
        }
    }

    /// A book that was just made gets its pipeline, its lost reasons and, where they said who they are, its first rep.
    pub(super) fn found(&mut self) {
        let Some(answers) = self.founding.take() else {
            return;
        };
        let mut commands = pipeline::standard("Sales", Slot(0));
        commands.extend(pipeline::standard_reasons(REASONS));
        if let Some(name) = &answers.rep {
            commands.push(forms::rep::create(name, FIRST_REP, self.now()));
        }
        // In a new book nobody is known yet, whoever was named: this makes them.
        let named = self.rep.take().filter(|_| answers.rep.is_none());
        self.act(Act {
            commands,
            origin: Origin::Human,
            label: Some("Set up the book".to_owned()),
            said: "Set up the book".to_owned(),
            foresight: Vec::new(),
            form: None,
            then: answers.rep.map(|_| OnceKnown::Nothing),
        });
        self.rep = named;
    }
}
