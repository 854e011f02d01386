package dev.holdfast.timetable;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares cron with an oracle that walks along real time, around every change of every zone's
 * clock from 2020 to 2040. The build takes a sample of zones; {@code -Dholdfast.zones=all} takes
 * all.
 */
@Tag("R-25")
class CronZonesTest {
  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2041-01-01T00:00:00Z");

  /** Changes at midnight, of half an hour, of a whole zone, and at odd times; and none at all. */
  private static final List<String> SAMPLE =
      List.of(
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "Africa/Casablanca",
          "Asia/Beirut",
          "America/Havana",
          "America/Nuuk",
          "Antarctica/Troll",
          "Asia/Gaza",
          "America/Asuncion",
          "Europe/Volgograd",
          "UTC");

  private static final List<String> EXPRESSIONS =
      List.of(
          "30 2 * * *",
          "0 3 * * *",
          "0 0 * * *",
          "59 23 * * *",
          "30 1 * * *",
          "0,30 0-3 * * *",
          "15 */2 * * *",
          "*/20 * * * *",
          "7 * * * *",
          "*/30 2 * * *",
          "5/25 1,2,3 * * *",
          "0 2 * * SUN",
          "30 2 25-31 MAR,OCT *",
          "30 2 15 * SUN",
          "0 1 L * ?",
          "45 0 LW * *",
          "30 1 1W * *",
          "15 2 ? * SUN#2,SUN#5",
          "30 2 * * SUNL",
          "0 0 L-1 * *",
          "0 */24 * * *",
          "0 12 1 * *");

  private static final List<String> WITH_SECONDS = List.of("*/20 30 2 * * *", "10 */30 * * * *");

  private long compared;
  private long changes;

  @Test
  void each_expression_happens_when_the_oracle_says() {
    Set<List<Object>> seen = new HashSet<>();
    for (String name : zones()) {
      ZoneId zone = ZoneId.of(name);
      for (Instant change : changes(zone.getRules())) {
        changes++;
        if (seen.add(whatHappensAt(zone.getRules(), change))) {
          Instant from = change.minus(Duration.ofHours(27)).truncatedTo(ChronoUnit.MINUTES);
          Instant to = change.plus(Duration.ofHours(27)).truncatedTo(ChronoUnit.MINUTES);
          EXPRESSIONS.forEach(cron -> compare(cron, zone, from, to));
          Instant near = change.minus(Duration.ofMinutes(90)).truncatedTo(ChronoUnit.MINUTES);
          WITH_SECONDS.forEach(cron -> compare(cron, zone, near, near.plus(Duration.ofHours(3))));
        }
      }
    }
    assertThat(compared).isPositive();
    System.out.printf(
        "cron: %d changes of clocks, %d of them unlike each other, %d times compared%n",
        changes, seen.size(), compared);
  }

  private static Set<String> zones() {
    boolean all = "all".equals(System.getProperty("holdfast.zones"));
    return all ? new TreeSet<>(ZoneId.getAvailableZoneIds()) : new TreeSet<>(SAMPLE);
  }

  /** Returns the changes of a zone's clock; a zone without any gets a single instant. */
  private static List<Instant> changes(ZoneRules rules) {
    List<Instant> changes = new ArrayList<>();
    for (ZoneOffsetTransition next = rules.nextTransition(FROM);
        next != null && next.getInstant().isBefore(TO);
        next = rules.nextTransition(next.getInstant())) {
      changes.add(next.getInstant());
    }
    return changes.isEmpty() ? List.of(FROM) : changes;
  }

  /** Returns a key of a change; zones with the same clock are tested once. */
  private static List<Object> whatHappensAt(ZoneRules rules, Instant change) {
    List<Object> all = new ArrayList<>();
    all.add(change);
    for (int hours = -54; hours <= 54; hours += 27) {
      all.add(rules.getOffset(change.plus(Duration.ofHours(hours))));
    }
    all.add(String.valueOf(rules.nextTransition(change.minus(Duration.ofHours(55)))));
    all.add(String.valueOf(rules.previousTransition(change.plus(Duration.ofHours(55)))));
    return all;
  }

  private void compare(String expression, ZoneId zone, Instant from, Instant to) {
    List<Instant> expected = new CronOracle(expression, zone).between(from, to);
    Cron cron = Cron.parse(expression);
    List<Instant> found = new ArrayList<>();
    for (Instant next = cron.next(from.minusNanos(1), zone).orElseThrow();
        next.isBefore(to);
        next = cron.next(next, zone).orElseThrow()) {
      found.add(next);
    }
    compared += expected.size();
    assertThat(found).as("%s in %s from %s", expression, zone, from).isEqualTo(expected);
  }
}
