/* One order with one file, three incarnations of nodes, two rescuers. Every step may come as late as it likes: a node that
   was taken for dead goes on with what it was about to do. Switches take away one rule each; tests/cluster/model says what
   must come of that.

   FENCE   a result or intent counts only from the node that holds the order and is alive
   REVOKE  the dead node's bodies are taken away, for good, before what it was about to place is settled
   GUARD   what a rescuer found is written only while the intent is still the dead node's
   LOSE    the server may lose the last commit (a standby that was behind takes over); the node notices by its count
   ADOPT   a file that is there with the same bytes, and that nobody claims, is the node's own */
#ifndef FENCE
#define FENCE 1
#endif
#ifndef REVOKE
#define REVOKE 1
#endif
#ifndef GUARD
#define GUARD 1
#endif
#ifndef LOSE
#define LOSE 0
#endif
#ifndef ADOPT
#define ADOPT 0
#endif
#define NODES 3
#define MAY(n) (FENCE == 0 || (alive[n] && owner == n))

/* the ledger */
byte owner = 0;            /* who holds the order */
byte intent = 0;           /* who is about to place its file */
bool kept = false;         /* the file is recorded, by a rescuer or with the order */
byte done = 0;             /* results that were accepted */
bool alive[NODES + 1];
byte deaths = 0;
/* the store */
bool area[NODES + 1];      /* where the node writes its bodies */
bool body[NODES + 1];
bool file = false;         /* under its name */
bool second = false;       /* the same once more, under another name */

proctype node(byte me) {
  bool has;                /* as it was when the order was leased */
end:
  do
  :: atomic { alive[me] && owner == 0 && done == 0 -> owner = me; has = kept }
     if
     :: has -> skip                                        /* nothing is fetched twice */
     :: else ->
        if :: atomic { area[me] -> body[me] = true } :: else -> break fi;
        if :: atomic { MAY(me) -> intent = me } :: else -> break fi;
        if
        :: atomic { body[me] && !file -> file = true; body[me] = false }
#if ADOPT
        :: atomic { body[me] && file -> body[me] = false }
#else
        :: atomic { body[me] && file -> second = true; body[me] = false }
#endif
        :: !body[me] -> break
        fi
     fi;
     if
     :: atomic { MAY(me) -> done++; kept = true; owner = 0; intent = 0 }
     :: else -> break
     fi
  :: done > 0 -> break
  :: !alive[me] -> break
  od
}

/* A rescuer that is mortal may end after any step; another one takes it up from there. */
#define MORTAL if :: mortal -> break :: true fi

proctype rescuer(bool mortal) {
  byte dead;
  bool found;
  do
  :: atomic { owner != 0 && alive[owner] && deaths < NODES - 1 -> dead = owner; alive[dead] = false; deaths++ }
     MORTAL
  :: atomic { owner != 0 && !alive[owner] -> dead = owner; found = false }
#if REVOKE
     atomic { area[dead] = false; body[dead] = false }
     MORTAL;
#endif
     found = file;
     MORTAL;
     atomic {
       if
       :: GUARD == 0 || intent == dead -> kept = found; intent = 0
       :: else
       fi
     }
     MORTAL;
     atomic { if :: owner == dead && intent != dead -> owner = 0 :: else fi }
  :: done > 0 -> break
  od
}

#if LOSE
/* The intent was written last, and is gone; whoever wrote it registers anew. Its lease is older. */
proctype failover() {
  if
  :: atomic { intent != 0 && alive[intent] && deaths < NODES - 1 -> alive[intent] = false; deaths++; intent = 0 }
  :: done > 0
  fi
}
#endif

init {
  byte i;
  atomic {
    for (i : 1 .. NODES) { alive[i] = true; area[i] = true; run node(i) }
    run rescuer(true);
    run rescuer(false);
#if LOSE
    run failover();
#endif
  }
  done > 0;
  assert(done == 1);
  assert(file);
  assert(kept);
  assert(!second);
  /* nobody who is late changes that */
  (_nr_pr == 1) -> assert(done == 1 && kept && !second)
}
