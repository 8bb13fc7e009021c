//! The protocol against a table of byte locks that several clients share, with clients acting in the midst of each other's steps.

use std::cell::RefCell;
use std::rc::Rc;

use proptest::prelude::*;

use super::*;

/// One client's wish.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Lock(Level),
    Unlock(Level),
    Look,
    Read,
}

/// What a server does with a lock on a range that the same client holds otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    /// Turns the one into the other.
    Posix,
    /// Refuses: it cannot tell whose the first is.
    Smb,
}

struct World {
    server: Server,
    held: Vec<(usize, Kind, Range)>,
    clients: Vec<Rc<RefCell<Locks<Client>>>>,
    /// What others do before each of the next operations, the last first.
    meanwhile: Vec<Option<(usize, Wish)>>,
}

#[derive(Clone)]
struct Client {
    number: usize,
    world: Rc<RefCell<World>>,
}

fn overlap(a: Range, b: Range) -> bool {
    a.start < b.start + b.len && b.start < a.start + a.len
}

impl Client {
    fn let_others_act(&self) {
        let next = self.world.borrow_mut().meanwhile.pop().flatten();
        if let Some((who, wish)) = next {
            act(&self.world, who, wish);
        }
        check(&self.world);
    }
}

impl Bytes for Client {
    fn take(&mut self, kind: Kind, range: Range) -> Result<(), Refusal> {
        self.let_others_act();
        let mut world = self.world.borrow_mut();
        let refused = world.held.iter().any(|(who, held, theirs)| {
            let differ = kind == Kind::Write || *held == Kind::Write;
            let another = *who != self.number || world.server == Server::Smb;
            overlap(range, *theirs) && differ && another
        });
        if refused {
            return Err(Refusal::Busy);
        }
        world
            .held
            .retain(|(who, _, theirs)| *who != self.number || *theirs != range);
        world.held.push((self.number, kind, range));
        Ok(())
    }

    fn free(&mut self, range: Range) -> Result<(), Refusal> {
        self.let_others_act();
        self.world
            .borrow_mut()
            .held
            .retain(|(who, _, theirs)| *who != self.number || !overlap(range, *theirs));
        Ok(())
    }

    fn is_written_elsewhere(&mut self, range: Range) -> Result<bool, Refusal> {
        // As an SMB client does it: take it for reading and give it back.
        let taken = self.take(Kind::Read, range);
        if taken.is_ok() {
            self.free(range)?;
        }
        Ok(taken.is_err())
    }
}

fn world(server: Server, clients: usize) -> Rc<RefCell<World>> {
    let world = Rc::new(RefCell::new(World {
        server,
        held: vec![],
        clients: vec![],
        meanwhile: vec![],
    }));
    let made = (0..clients).map(|number| {
        let world = Rc::clone(&world);
        Rc::new(RefCell::new(Locks::new(Client { number, world })))
    });
    let made: Vec<_> = made.collect();
    world.borrow_mut().clients = made;
    world
}

impl Locks<Client> {
    /// The level that its bytes show.
    fn held(&self) -> Level {
        if self.owed {
            Level::Exclusive
        } else {
            self.level
        }
    }
}

/// A client does what it wishes, unless it is in the midst of something, or SQLite would not ask that.
fn act(world: &Rc<RefCell<World>>, who: usize, wish: Wish) {
    let client = Rc::clone(&world.borrow().clients[who]);
    let Ok(mut locks) = client.try_borrow_mut() else {
        return;
    };
    match wish {
        Wish::Lock(Level::None | Level::Pending) => {}
        Wish::Lock(level) if locks.level() == Level::None && level > Level::Shared => {}
        Wish::Lock(level) => {
            let _ = locks.lock(level);
        }
        Wish::Unlock(level) => locks.unlock(level.min(Level::Shared)).unwrap(),
        Wish::Look => {
            locks.is_reserved().unwrap();
        }
        Wish::Read => locks.settle().unwrap(),
    }
}

/// What must hold for all that are not in the midst of something.
fn check(world: &Rc<RefCell<World>>) {
    let world = world.borrow();
    let settled: Vec<(usize, Level)> = world
        .clients
        .iter()
        .enumerate()
        .filter_map(|(number, client)| Some((number, client.try_borrow().ok()?.held())))
        .collect();
    for (number, level) in &settled {
        let of = |range: Range| {
            let mine = |(who, _, held): &&(usize, Kind, Range)| who == number && *held == range;
            world.held.iter().find(mine).map(|(_, kind, _)| *kind)
        };
        let shared = match level {
            Level::None => None,
            Level::Exclusive => Some(Kind::Write),
            _ => Some(Kind::Read),
        };
        assert_eq!(of(SHARED), shared, "{number} at {level:?}");
        assert_eq!(
            of(PENDING).is_some(),
            *level >= Level::Pending,
            "{number} at {level:?}"
        );
        assert!(
            *level >= Level::Reserved || of(RESERVED).is_none(),
            "{number} at {level:?}"
        );
        let others = || settled.iter().filter(|(other, _)| other != number);
        if *level == Level::Exclusive {
            assert!(
                others().all(|(_, other)| *other == Level::None),
                "{settled:?}"
            );
        }
        if *level == Level::Reserved {
            assert!(
                others().all(|(_, other)| *other != Level::Reserved),
                "{settled:?}"
            );
        }
    }
}

fn wish() -> impl Strategy<Value = (usize, Wish)> {
    let level = prop_oneof![
        Just(Level::Shared),
        Just(Level::Reserved),
        Just(Level::Exclusive),
    ];
    let wish = prop_oneof![
        4 => level.prop_map(Wish::Lock),
        1 => Just(Wish::Unlock(Level::Shared)),
        2 => Just(Wish::Unlock(Level::None)),
        1 => Just(Wish::Look),
        1 => Just(Wish::Read),
    ];
    (0..4_usize, wish)
}

proptest! {
    #[test]
    fn nobody_reads_while_another_writes_in_whatever_order_they_come(
        smb in any::<bool>(),
        wishes in prop::collection::vec((wish(), prop::collection::vec(prop::option::of(wish()), 0..8)), 1..60),
    ) {
        let world = world(if smb { Server::Smb } else { Server::Posix }, 4);
        for ((who, wish), meanwhile) in wishes {
            world.borrow_mut().meanwhile = meanwhile;
            act(&world, who, wish);
            check(&world);
        }
        // Whatever came before: when all have gone, one can write.
        world.borrow_mut().meanwhile.clear();
        for who in 0..4 {
            act(&world, who, Wish::Unlock(Level::None));
        }
        prop_assert!(world.borrow().held.is_empty());
        for level in [Level::Shared, Level::Reserved, Level::Exclusive] {
            act(&world, 0, Wish::Lock(level));
        }
        prop_assert_eq!(world.borrow().clients[0].borrow().level(), Level::Exclusive);
    }
}

#[test]
fn a_server_that_cannot_upgrade_refuses_what_sqlite_does_on_unix() {
    let world = world(Server::Smb, 1);
    let itself = Rc::clone(&world.borrow().clients[0]);
    let _in_the_midst = itself.borrow_mut();
    let mut client = Client { number: 0, world };
    client.take(Kind::Read, SHARED).unwrap();
    assert_eq!(client.take(Kind::Write, SHARED), Err(Refusal::Busy));
}

#[test]
fn who_looks_for_a_writer_is_not_taken_for_one() {
    let world = world(Server::Smb, 2);
    let itself = Rc::clone(&world.borrow().clients[0]);
    let _in_the_midst = itself.borrow_mut();
    let seen_by_another = |kind| {
        let mut first = Client {
            number: 0,
            world: Rc::clone(&world),
        };
        first.take(kind, RESERVED).unwrap();
        let second = Rc::clone(&world.borrow().clients[1]);
        let seen = second.borrow_mut().is_reserved().unwrap();
        first.free(RESERVED).unwrap();
        seen
    };
    // With a hot journal beside the book this answer would make the second read half a transaction.
    assert!(!seen_by_another(Kind::Read));
    assert!(seen_by_another(Kind::Write));
}

#[test]
fn who_has_written_goes_back_to_reading_only_if_it_reads() {
    let world = world(Server::Smb, 2);
    for level in [Level::Shared, Level::Reserved, Level::Exclusive] {
        act(&world, 0, Wish::Lock(level));
    }
    act(&world, 0, Wish::Unlock(Level::Shared));
    act(&world, 1, Wish::Lock(Level::Shared));
    let level = |who: usize| world.borrow().clients[who].borrow().level();
    assert_eq!((level(0), level(1)), (Level::Shared, Level::None));
    act(&world, 0, Wish::Read);
    act(&world, 1, Wish::Lock(Level::Shared));
    assert_eq!((level(0), level(1)), (Level::Shared, Level::Shared));
}

/// A file whose every operation is refused from the n-th on.
struct Failing {
    left: usize,
    refusal: Refusal,
}

impl Failing {
    fn step(&mut self) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(1).ok_or(self.refusal)?;
        Ok(())
    }
}

impl Bytes for Failing {
    fn take(&mut self, _: Kind, _: Range) -> Result<(), Refusal> {
        self.step()
    }

    fn free(&mut self, _: Range) -> Result<(), Refusal> {
        self.step()
    }

    fn is_written_elsewhere(&mut self, _: Range) -> Result<bool, Refusal> {
        self.step().map(|()| false)
    }
}

#[test]
fn a_missing_lock_service_is_told_from_a_busy_file() {
    let refusal = Refusal::NoService(37);
    let mut locks = Locks::new(Failing { left: 0, refusal });
    assert_eq!(locks.lock(Level::Shared), Err(refusal));
    assert_eq!(locks.level(), Level::None);
    assert_eq!(locks.is_reserved(), Err(refusal));
}

#[test]
fn who_cannot_get_back_to_reading_holds_nothing_and_says_so() {
    let refusal = Refusal::Busy;
    // Shared takes three operations, reserved one, pending one, the release one.
    let mut locks = Locks::new(Failing { left: 6, refusal });
    locks.lock(Level::Shared).unwrap();
    locks.lock(Level::Reserved).unwrap();
    assert_eq!(locks.lock(Level::Exclusive), Err(Refusal::Gone(0)));
    assert_eq!(locks.level(), Level::None);
    assert_eq!(locks.lock(Level::Reserved), Err(Refusal::Gone(0)));
}
