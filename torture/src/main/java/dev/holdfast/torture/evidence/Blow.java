package dev.holdfast.torture.evidence;

import dev.holdfast.torture.host.Moment;
import java.util.Set;

/**
 * One line of the nemesis's log.
 *
 * @param kind the kind of blow
 * @param at a moment before the blow
 * @param process the process that it hit
 */
public record Blow(Kind kind, Moment at, String process) {
  /** The name of the file. */
  public static final String FILE = "nemesis.log";

  /** Stands for a process in blows to all. */
  public static final String ALL = "all";

  /** Stands for a process in blows to the database server. */
  public static final String SERVER = "server";

  /** Stands for a process in blows to the whole store, to which nobody can write then. */
  public static final String STORE = "store";

  /** The kinds of blows. */
  public enum Kind {
    /** SIGKILL while another worker is ready. */
    KILL,
    /** SIGKILL to all workers at once, so that none is left to take over. */
    KILL_ALL,
    /** SIGKILL to a producer. */
    KILL_PRODUCER,
    /** SIGTERM. */
    TERMINATE,
    /** SIGSTOP. */
    STOP,
    /** SIGCONT. */
    GO_ON,
    /** The wall clock is set forward. */
    CLOCK_FORWARD,
    /** The wall clock is set back. */
    CLOCK_BACK,
    /** The end of a session of the database server. */
    DISCONNECT,
    /** The end of all sessions of Holdfast on the database server. */
    DISCONNECT_ALL,
    /** SIGQUIT to the database server, which then starts again. */
    CRASH_SERVER,
    /** SIGKILL to the database server, which then starts again, or a standby takes over. */
    KILL_SERVER,
    /** A power cut of the store's file system, with all processes. */
    POWER_CUT,
    /** Row locks of another session. */
    LOCK_ROWS,
    /** The write lock of an SQLite file, held by another session. */
    LOCK_STORE,
    /** A caller's enqueue in a transaction that stays open. */
    OPEN_CALL,
    /** SIGSTOP while a handler's transaction with its completion is open. */
    FREEZE,
    /** A full disk under an SQLite file. */
    FILL_DISK,
    /** A network that breaks all connections of one worker, and each new one. */
    CUT,
    /** A network of one worker that silently drops everything. */
    SILENCE,
    /** The end of a blow that lasted for a while. */
    LET_GO,
    /** The end of the run. */
    PEACE;

    /** The blows to a database server. */
    public static final Set<Kind> OF_SERVERS =
        Set.of(DISCONNECT, DISCONNECT_ALL, CRASH_SERVER, KILL_SERVER, LOCK_ROWS, CUT, SILENCE);

    /** The blows to an SQLite file. */
    public static final Set<Kind> OF_FILES = Set.of(LOCK_STORE, FILL_DISK);

    /** The blows that last for a while, until {@link #LET_GO} of the same name. */
    public static final Set<Kind> SPELLS =
        Set.of(LOCK_ROWS, LOCK_STORE, OPEN_CALL, FREEZE, FILL_DISK, CUT, SILENCE);

    /** The kinds that only end other blows. */
    public static final Set<Kind> ENDS = Set.of(GO_ON, LET_GO, PEACE);
  }

  /** Returns the line. */
  public String line() {
    return "%s %d %d %s".formatted(kind, at.ticks(), at.micros(), process);
  }

  /** Parses a {@link #line}. */
  public static Blow parse(String line) {
    String[] fields = line.split(" ", -1);
    return new Blow(
        Kind.valueOf(fields[0]),
        new Moment(Long.parseLong(fields[1]), Long.parseLong(fields[2])),
        fields[3]);
  }
}
