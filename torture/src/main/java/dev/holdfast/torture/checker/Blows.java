package dev.holdfast.torture.checker;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.evidence.Blow.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The faults that were inflicted on processes. */
final class Blows {
  private static final Set<Kind> KILLS = Set.of(Kind.KILL, Kind.KILL_ALL, Kind.KILL_PRODUCER);

  private static final Set<Kind> RESTARTS = Set.of(Kind.CRASH_SERVER, Kind.KILL_SERVER);
  private static final long RETURN_NANOS = Duration.ofSeconds(5).toNanos();

  private static final long SETTLES_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long NOTICED_NANOS = Duration.ofSeconds(15).toNanos();

  private final List<Blow> all;
  private final Map<String, List<Blow>> byProcess;
  private final Map<String, List<Pause>> pauses = new HashMap<>();
  private final Map<String, List<Pause>> spells = new HashMap<>();

  Blows(List<Blow> all) {
    this.all = all;
    this.byProcess = all.stream().collect(Collectors.groupingBy(Blow::process));
    byProcess.forEach(
        (process, own) -> {
          pauses.put(process, pausesIn(own, Set.of(Kind.STOP), Kind.GO_ON));
          spells.put(process, pausesIn(own, Kind.SPELLS, Kind.LET_GO));
        });
  }

  /** A time in which a process stood still, or was cut off from the store. */
  record Pause(long stopTicks, long goOnTicks) {}

  private static List<Pause> pausesIn(List<Blow> own, Set<Kind> begins, Kind end) {
    return own.stream()
        .filter(blow -> begins.contains(blow.kind()))
        .map(begin -> new Pause(begin.at().ticks(), after(begin, end, own)))
        .toList();
  }

  private static long after(Blow begin, Kind end, List<Blow> own) {
    return own.stream()
        .filter(blow -> blow.kind() == end)
        .mapToLong(blow -> blow.at().ticks())
        .filter(ticks -> ticks >= begin.at().ticks())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  long count(Kind kind) {
    return all.stream().filter(blow -> blow.kind() == kind).count();
  }

  /** Returns the kill of a process, if it was killed. */
  Optional<Blow> killOf(String process) {
    return byProcess.getOrDefault(process, List.of()).stream()
        .filter(blow -> KILLS.contains(blow.kind()))
        .findFirst();
  }

  /**
   * Returns true if the clock of all processes was set back between two moments, or so shortly
   * before that some of them may not have noticed yet.
   */
  boolean clockWasSetBack(long fromTicks, long toTicks) {
    return byProcess.getOrDefault(Blow.ALL, List.of()).stream()
        .filter(blow -> blow.kind() == Kind.CLOCK_BACK)
        .mapToLong(blow -> blow.at().ticks())
        .anyMatch(ticks -> fromTicks - SETTLES_NANOS <= ticks && ticks <= toTicks);
  }

  /**
   * Returns true if the database server was restarted between two moments, or so shortly before
   * that not all processes had reconnected.
   */
  boolean serverWasRestarted(long fromTicks, long toTicks) {
    return byProcess.getOrDefault(Blow.SERVER, List.of()).stream()
        .filter(blow -> RESTARTS.contains(blow.kind()))
        .mapToLong(blow -> blow.at().ticks())
        .anyMatch(ticks -> fromTicks - RETURN_NANOS <= ticks && ticks <= toTicks);
  }

  /** Returns true if a wall clock was set. */
  boolean clockWasSet() {
    return count(Kind.CLOCK_BACK) + count(Kind.CLOCK_FORWARD) > 0;
  }

  /** Returns true if some process had another wall clock than the rest. */
  boolean clocksDiffered() {
    return all.stream()
        .filter(blow -> blow.kind() == Kind.CLOCK_BACK || blow.kind() == Kind.CLOCK_FORWARD)
        .anyMatch(blow -> !blow.process().equals(Blow.ALL));
  }

  /** Returns the kill or power cut that ended a process. */
  Optional<Blow> endOf(String process, long afterTicks) {
    return killOf(process)
        .or(
            () ->
                byProcess.getOrDefault(Blow.ALL, List.of()).stream()
                    .filter(blow -> blow.kind() == Kind.POWER_CUT)
                    .filter(blow -> blow.at().ticks() >= afterTicks)
                    .findFirst());
  }

  /**
   * Returns true if a process was killed, ended with the power, or was away until so shortly before
   * the end that nobody may have noticed its return.
   */
  boolean hasNotComeBack(String process) {
    long last = all.stream().mapToLong(blow -> blow.at().ticks()).max().orElse(0);
    return endOf(process, Long.MIN_VALUE).isPresent()
        || wasAway(process, last - NOTICED_NANOS, Long.MAX_VALUE);
  }

  /** Returns the times in which a process stood still. */
  List<Pause> pausesOf(String process) {
    return pauses.getOrDefault(process, List.of());
  }

  /**
   * Returns true if a process stood still, or could not send heartbeats, at some time between two
   * moments.
   */
  boolean wasAway(String process, long fromTicks, long toTicks) {
    return Stream.of(
            pausesOf(process),
            spells.getOrDefault(process, List.of()),
            spells.getOrDefault(Blow.STORE, List.of()))
        .flatMap(List::stream)
        .anyMatch(pause -> pause.stopTicks() <= toTicks && pause.goOnTicks() >= fromTicks);
  }
}
