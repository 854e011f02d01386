package dev.holdfast.torture.evidence;

import dev.holdfast.torture.host.Moment;
import java.util.Set;

/**
 * One line of the nemesis's log.
 *
 * @param kind what was done
 * @param at when, from before it was done
 * @param process to which process
 */
public record Blow(Kind kind, Moment at, String process) {
  /** The name of the file. */
  public static final String FILE = "nemesis.log";

  /** In place of a process, for what is done to all. */
  public static final String ALL = "all";

  /** In place of a process, for what is done to the database server. */
  public static final String SERVER = "server";

  /** What can be done to a process. */
  public enum Kind {
    /** SIGKILL while another worker is ready. */
    KILL,
    /** SIGKILL to all workers at once: nobody is left to take over. */
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
    /** A session of the database server ends. */
    DISCONNECT,
    /** All sessions of Holdfast's on the database server end. */
    DISCONNECT_ALL,
    /** SIGQUIT to the database server, which then starts again. */
    CRASH_SERVER,
    /** SIGKILL to the database server; it starts again, or a standby takes over. */
    KILL_SERVER,
    /** The file system of the store ends, as if its power was cut, and all processes with it. */
    POWER_CUT,
    /** The run is over; what happens from now on is the end. */
    PEACE;

    /** What is done to a database server. */
    public static final Set<Kind> OF_SERVERS =
        Set.of(DISCONNECT, DISCONNECT_ALL, CRASH_SERVER, KILL_SERVER);
  }

  /** The line. */
  public String line() {
    return "%s %d %d %s".formatted(kind, at.ticks(), at.micros(), process);
  }

  /** Reads a {@link #line}. */
  public static Blow parse(String line) {
    String[] fields = line.split(" ", -1);
    return new Blow(
        Kind.valueOf(fields[0]),
        new Moment(Long.parseLong(fields[1]), Long.parseLong(fields[2])),
        fields[3]);
  }
}
