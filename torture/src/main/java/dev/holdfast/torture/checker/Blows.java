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

/** What was done to processes. */
final class Blows {
  private static final Set<Kind> KILLS = Set.of(Kind.KILL, Kind.KILL_ALL, Kind.KILL_PRODUCER);

  private static final Set<Kind> RESTARTS = Set.of(Kind.CRASH_SERVER, Kind.KILL_SERVER);
  private static final long RETURN_NANOS = Duration.ofSeconds(5).toNanos();

  private static final long SETTLES_NANOS = Duration.ofSeconds(1).toNanos();

  private final List<Blow> all;
  private final Map<String, List<Blow>> byProcess;
  private final Map<String, List<Pause>> pauses = new HashMap<>();

  Blows(List<Blow> all) {
    this.all = all;
    this.byProcess = all.stream().collect(Collectors.groupingBy(Blow::process));
    byProcess.forEach((process, own) -> pauses.put(process, pausesIn(own)));
  }

  /** When a process stood still. */
  record Pause(long stopTicks, long goOnTicks) {}

  private static List<Pause> pausesIn(List<Blow> own) {
    return own.stream()
        .filter(blow -> blow.kind() == Kind.STOP)
        .map(stop -> new Pause(stop.at().ticks(), goOnAfter(stop, own)))
        .toList();
  }

  private static long goOnAfter(Blow stop, List<Blow> own) {
    return own.stream()
        .filter(blow -> blow.kind() == Kind.GO_ON)
        .mapToLong(blow -> blow.at().ticks())
        .filter(ticks -> ticks >= stop.at().ticks())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  long count(Kind kind) {
    return all.stream().filter(blow -> blow.kind() == kind).count();
  }

  /** When a process was killed, if it was. */
  Optional<Blow> killOf(String process) {
    return byProcess.getOrDefault(process, List.of()).stream()
        .filter(blow -> KILLS.contains(blow.kind()))
        .findFirst();
  }

  /**
   * Whether the clock of all processes was set back between two moments, or so shortly before that
   * some of them may not have noticed yet.
   */
  boolean clockWasSetBack(long fromTicks, long toTicks) {
    return byProcess.getOrDefault(Blow.ALL, List.of()).stream()
        .filter(blow -> blow.kind() == Kind.CLOCK_BACK)
        .mapToLong(blow -> blow.at().ticks())
        .anyMatch(ticks -> fromTicks - SETTLES_NANOS <= ticks && ticks <= toTicks);
  }

  /**
   * Whether the database server was restarted between two moments, or so shortly before that not
   * all had come back to it.
   */
  boolean serverWasRestarted(long fromTicks, long toTicks) {
    return byProcess.getOrDefault(Blow.SERVER, List.of()).stream()
        .filter(blow -> RESTARTS.contains(blow.kind()))
        .mapToLong(blow -> blow.at().ticks())
        .anyMatch(ticks -> fromTicks - RETURN_NANOS <= ticks && ticks <= toTicks);
  }

  /** Whether a wall clock was set. */
  boolean clockWasSet() {
    return count(Kind.CLOCK_BACK) + count(Kind.CLOCK_FORWARD) > 0;
  }

  /** Whether some process had another wall clock than the rest. */
  boolean clocksDiffered() {
    return all.stream()
        .filter(blow -> blow.kind() == Kind.CLOCK_BACK || blow.kind() == Kind.CLOCK_FORWARD)
        .anyMatch(blow -> !blow.process().equals(Blow.ALL));
  }

  /** When a process was killed, or ended with the power. */
  Optional<Blow> endOf(String process, long afterTicks) {
    return killOf(process)
        .or(
            () ->
                byProcess.getOrDefault(Blow.ALL, List.of()).stream()
                    .filter(blow -> blow.kind() == Kind.POWER_CUT)
                    .filter(blow -> blow.at().ticks() >= afterTicks)
                    .findFirst());
  }

  /** When a process stood still. */
  List<Pause> pausesOf(String process) {
    return pauses.getOrDefault(process, List.of());
  }

  /** Whether a process was standing still at some time between two moments. */
  boolean wasStopped(String process, long fromTicks, long toTicks) {
    return pausesOf(process).stream()
        .anyMatch(pause -> pause.stopTicks() <= toTicks && pause.goOnTicks() >= fromTicks);
  }
}
