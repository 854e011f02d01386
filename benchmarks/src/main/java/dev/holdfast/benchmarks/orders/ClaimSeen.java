package dev.holdfast.benchmarks.orders;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A claim as its process saw it.
 *
 * @param begin the time before the call, by the clock that all processes of this machine share
 * @param end the time after the call
 * @param places the jobs' places in the order, as returned
 */
record ClaimSeen(long begin, long end, List<Long> places) {

  /** Parses a text of {@link #toString}. */
  static ClaimSeen parse(String line) {
    String[] parts = line.split(" ", -1);
    List<Long> places = Stream.of(parts[2].split(",", -1)).map(Long::valueOf).toList();
    return new ClaimSeen(Long.parseLong(parts[0]), Long.parseLong(parts[1]), places);
  }

  @Override
  public String toString() {
    String all = places.stream().map(String::valueOf).collect(Collectors.joining(","));
    return begin + " " + end + " " + all;
  }

  /**
   * Returns the number of jobs that were passed over: claimed behind one of a later place in the
   * same claim, or by a claim that began after another one had returned a job of a later place. All
   * were enqueued before the first claim, so such a job waited while a later one was claimed.
   * Claims that overlap in time may have any order and are not compared.
   */
  static int passedOver(Collection<ClaimSeen> claims) {
    List<ClaimSeen> byBegin = new ArrayList<>(claims);
    byBegin.sort(Comparator.comparingLong(ClaimSeen::begin));
    List<ClaimSeen> byEnd = new ArrayList<>(claims);
    byEnd.sort(Comparator.comparingLong(ClaimSeen::end));
    int passedOver = 0;
    int ended = 0;
    long latest = Long.MIN_VALUE;
    for (ClaimSeen claim : byBegin) {
      while (byEnd.get(ended).end < claim.begin) {
        for (long place : byEnd.get(ended++).places) {
          latest = Math.max(latest, place);
        }
      }
      long before = latest;
      for (long place : claim.places) {
        passedOver += place < before ? 1 : 0;
        before = Math.max(before, place);
      }
    }
    return passedOver;
  }
}
