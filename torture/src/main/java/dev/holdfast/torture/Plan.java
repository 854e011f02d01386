package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The parameters of a run.
 *
 * @param seed the seed of jobs and blows; their timing does not depend on it
 * @param jobs the number of jobs to enqueue
 * @param unfinished the maximum number of unfinished jobs
 * @param runMillis the average run time of a handler
 * @param workers the number of worker processes
 * @param concurrency handlers at once in each
 * @param lease their nodes' lease
 * @param grace the grace period of their handlers at SIGTERM
 * @param blows the number of blows of each kind
 * @param patience the time without a completion after which the run counts as stuck
 * @param mutant the name of a store that is broken on purpose; empty for the real one
 * @param durability the durability of the effects logs
 * @param ground the store and its environment
 */
public record Plan(
    long seed,
    int jobs,
    int unfinished,
    long runMillis,
    int workers,
    int concurrency,
    Duration lease,
    Duration grace,
    Map<Blow.Kind, Integer> blows,
    Duration patience,
    String mutant,
    Durability durability,
    Ground ground) {

  /** Copies the blows. */
  public Plan {
    blows = Map.copyOf(blows);
  }

  /** Returns a plan of a few seconds without any blow. */
  public static Plan small() {
    return new Plan(
        42,
        300,
        1_000,
        20,
        2,
        8,
        Duration.ofSeconds(15),
        Duration.ofSeconds(5),
        Map.of(),
        Duration.ofSeconds(20),
        "",
        Durability.KILL,
        Ground.SQLITE);
  }

  /** Returns a copy with this seed. */
  public Plan seed(long newSeed) {
    return new Plan(
        newSeed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this number of jobs. */
  public Plan jobs(int newJobs) {
    return new Plan(
        seed,
        newJobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this maximum number of unfinished jobs. */
  public Plan unfinished(int newUnfinished) {
    return new Plan(
        seed,
        jobs,
        newUnfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this average run time of handlers. */
  public Plan runMillis(long newRunMillis) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        newRunMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with these numbers of worker processes and slots. */
  public Plan workers(int newWorkers, int newConcurrency) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        newWorkers,
        newConcurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this lease. */
  public Plan lease(Duration newLease) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        newLease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this grace period. */
  public Plan grace(Duration newGrace) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        newGrace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this number of blows of a kind. */
  public Plan blows(Blow.Kind kind, int count) {
    Map<Blow.Kind, Integer> more = new EnumMap<>(Blow.Kind.class);
    more.putAll(blows);
    more.put(kind, count);
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        more,
        patience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this patience. */
  public Plan patience(Duration newPatience) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        newPatience,
        mutant,
        durability,
        ground);
  }

  /** Returns a copy with this broken store. */
  public Plan mutant(String newMutant) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        newMutant,
        durability,
        ground);
  }

  /** Returns a copy on this ground. */
  public Plan ground(Ground newGround) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        newGround);
  }

  /** Returns whether there are blows of this kind. */
  boolean has(Blow.Kind kind) {
    return blows.getOrDefault(kind, 0) > 0;
  }

  /** Returns the single blows, in an order drawn from the seed. */
  List<Blow.Kind> order() {
    List<Blow.Kind> order = new ArrayList<>();
    for (Blow.Kind kind : Blow.Kind.values()) {
      order.addAll(Collections.nCopies(blows.getOrDefault(kind, 0), kind));
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }
}
