package dev.holdfast.timetable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Schedule;
import dev.holdfast.error.InvalidRequestException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R-25")
class CronTest {
  private static final ZoneId UTC = ZoneOffset.UTC;

  private static String next(String cron, String after, ZoneId zone) {
    return Cron.parse(cron).next(Instant.parse(after), zone).orElseThrow().toString();
  }

  private static List<String> days(String cron, String after, int count) {
    List<String> days = new ArrayList<>();
    Instant at = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      at = Cron.parse(cron).next(at, UTC).orElseThrow();
      days.add(LocalDate.ofInstant(at, UTC).toString());
    }
    return days;
  }

  @Nested
  class The_next_time {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "* * * * *          | 2026-01-01T00:00:00Z     | 2026-01-01T00:01:00Z",
          "* * * * * *        | 2026-01-01T00:00:00.5Z   | 2026-01-01T00:00:01Z",
          "0 3 * * *          | 2026-01-01T03:00:00Z     | 2026-01-02T03:00:00Z",
          "0 3 * * *          | 2026-01-01T02:59:59.999Z | 2026-01-01T03:00:00Z",
          "*/15 9-17 * * MON-FRI | 2026-01-02T17:45:00Z  | 2026-01-05T09:00:00Z",
          "30 5/6 * * *       | 2026-01-01T05:30:00Z     | 2026-01-01T11:30:00Z",
          "0 0 29 2 *         | 2026-01-01T00:00:00Z     | 2028-02-29T00:00:00Z",
          "0 0 29 2 *         | 2096-03-01T00:00:00Z     | 2104-02-29T00:00:00Z",
          "0 0 * 2 MON#5      | 2026-01-01T00:00:00Z     | 2044-02-29T00:00:00Z",
          "@hourly            | 2026-01-01T00:00:01Z     | 2026-01-01T01:00:00Z",
          "@daily             | 2026-01-01T00:00:00Z     | 2026-01-02T00:00:00Z",
          "@weekly            | 2026-01-01T00:00:00Z     | 2026-01-04T00:00:00Z",
          "@Monthly           | 2026-01-01T00:00:00Z     | 2026-02-01T00:00:00Z",
          "@yearly            | 2026-01-01T00:00:00Z     | 2027-01-01T00:00:00Z",
          "0 0 * * 7          | 2026-01-01T00:00:00Z     | 2026-01-04T00:00:00Z",
          "0 0 * * sat-sun    | 2026-01-03T00:00:00Z     | 2026-01-04T00:00:00Z",
          "0 0 ? jan-mar mon  | 2026-04-01T00:00:00Z     | 2027-01-04T00:00:00Z",
          "59 59 23 31 12 ?   | 2026-01-01T00:00:00Z     | 2026-12-31T23:59:59Z"
        })
    void is_the_first_that_matches(String cron, String after, String expected) {
      assertThat(next(cron, after, UTC)).isEqualTo(expected);
    }

    @Test
    void is_on_either_day_when_date_and_weekday_are_both_given() {
      assertThat(days("0 0 13 * FRI", "2026-02-01T00:00:00Z", 4))
          .containsExactly("2026-02-06", "2026-02-13", "2026-02-20", "2026-02-27");
      assertThat(days("0 0 1-7 * *", "2026-02-06T12:00:00Z", 2))
          .containsExactly("2026-02-07", "2026-03-01");
      assertThat(days("0 0 */10 * MON", "2026-02-01T12:00:00Z", 2))
          .as("a field that begins with * does not count as given")
          .containsExactly("2026-05-11", "2026-06-01");
    }

    @Test
    void can_be_counted_from_the_end_of_the_month() {
      assertThat(days("0 0 L * *", "2028-01-01T00:00:00Z", 2))
          .containsExactly("2028-01-31", "2028-02-29");
      assertThat(days("0 0 L-3 * *", "2026-02-01T00:00:00Z", 1)).containsExactly("2026-02-25");
      assertThat(days("0 0 LW * *", "2026-01-01T00:00:00Z", 2))
          .as("January ends on a Saturday, February too")
          .containsExactly("2026-01-30", "2026-02-27");
      assertThat(days("0 0 * * 5L", "2026-01-01T00:00:00Z", 2))
          .containsExactly("2026-01-30", "2026-02-27");
      assertThat(days("0 0 * * MON#1,TUEL", "2026-01-01T00:00:00Z", 3))
          .containsExactly("2026-01-05", "2026-01-27", "2026-02-02");
    }

    @Test
    void can_be_the_nearest_working_day_of_the_same_month() {
      assertThat(days("0 0 15W * *", "2026-02-01T00:00:00Z", 2))
          .as("a Sunday both times: the Monday after")
          .containsExactly("2026-02-16", "2026-03-16");
      assertThat(days("0 0 1W 8 *", "2026-01-01T00:00:00Z", 1))
          .as("a Saturday: not the Friday of July")
          .containsExactly("2026-08-03");
      assertThat(days("0 0 31W 5 *", "2026-01-01T00:00:00Z", 1))
          .as("a Sunday: not the Monday of June")
          .containsExactly("2026-05-29");
      assertThat(days("0 0 31W * *", "2026-02-01T00:00:00Z", 1))
          .as("no such day in February")
          .containsExactly("2026-03-31");
    }

    @Test
    void ends_with_the_year_9999() {
      assertThat(Cron.parse("@yearly").next(Instant.parse("9999-01-01T00:00:00Z"), UTC)).isEmpty();
      ZoneId berlin = ZoneId.of("Europe/Berlin");
      assertThat(Cron.parse("@yearly").next(Instant.parse("9999-06-01T00:00:00Z"), berlin))
          .isEmpty();
    }

    @Test
    void is_always_later_and_always_the_earliest() {
      SplittableRandom random = new SplittableRandom(1);
      ZoneId zone = ZoneId.of("America/New_York");
      Cron cron = Cron.parse("*/7 */3 * * *");
      for (int i = 0; i < 2_000; i++) {
        Instant after = Instant.ofEpochSecond(1_800_000_000L + random.nextInt(40_000_000));
        Instant next = cron.next(after, zone).orElseThrow();

        assertThat(next).isAfter(after);
        assertThat(cron.next(next.minusNanos(1), zone)).contains(next);
        Instant between = after.plusSeconds((next.getEpochSecond() - after.getEpochSecond()) / 2);
        assertThat(cron.next(between.minusNanos(1), zone)).contains(next);
      }
    }
  }

  @Nested
  class When_clocks_are_changed {
    private final ZoneId berlin = ZoneId.of("Europe/Berlin");

    @Test
    void a_time_that_is_left_out_happens_when_the_clock_goes_on() {
      assertThat(next("30 2 * * *", "2026-03-28T12:00:00Z", berlin))
          .isEqualTo("2026-03-29T01:00:00Z");
      assertThat(next("30 2 * * *", "2026-03-29T01:00:00Z", berlin))
          .isEqualTo("2026-03-30T00:30:00Z");
    }

    @Test
    void several_that_are_left_out_happen_once() {
      assertThat(next("*/10 2 * * *", "2026-03-29T00:00:00Z", berlin))
          .isEqualTo("2026-03-29T01:00:00Z");
      assertThat(next("*/10 2 * * *", "2026-03-29T01:00:00Z", berlin))
          .isEqualTo("2026-03-30T00:00:00Z");
    }

    @Test
    void what_happens_every_hour_goes_on_every_hour() {
      assertThat(next("30 * * * *", "2026-03-29T00:30:00Z", berlin))
          .isEqualTo("2026-03-29T01:30:00Z");
      assertThat(next("30 * * * *", "2026-10-25T00:30:00Z", berlin))
          .isEqualTo("2026-10-25T01:30:00Z");
    }

    @Test
    void a_time_that_comes_twice_happens_at_the_first() {
      assertThat(next("30 2 * * *", "2026-10-24T12:00:00Z", berlin))
          .isEqualTo("2026-10-25T00:30:00Z");
      assertThat(next("30 2 * * *", "2026-10-25T00:30:00Z", berlin))
          .isEqualTo("2026-10-26T01:30:00Z");
      assertThat(next("30 2 * * *", "2026-10-25T01:00:00Z", berlin))
          .as("asked in the second of the two")
          .isEqualTo("2026-10-26T01:30:00Z");
    }

    @Test
    void with_a_star_in_minute_or_hour_it_happens_at_both() {
      assertThat(next("*/30 2 * * *", "2026-10-25T00:30:00Z", berlin))
          .isEqualTo("2026-10-25T01:00:00Z");
    }

    @Test
    void a_day_whose_midnight_is_skipped_is_not_lost() {
      ZoneId beirut = ZoneId.of("Asia/Beirut");

      assertThat(next("@daily", "2026-03-28T12:00:00Z", beirut)).isEqualTo("2026-03-28T22:00:00Z");
    }
  }

  @Nested
  class An_expression {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "61 * * * *    | minute '61' at character 1: expected 0 to 59",
          "0 24 * * *    | hour '24' at character 3: expected 0 to 23",
          "0 3 1,32 * *  | day of month '32' at character 7: expected 1 to 31",
          "0 3 * JUNE *  | month 'JUNE' at character 7: expected 1 to 12 or JAN to DEC",
          "0 3 * * MON-XYZ | day of week 'MON-XYZ' at character 9: expected 0 to 7",
          "0 3 * * 8     | day of week '8' at character 9",
          "10-5 * * * *  | minute '10-5' at character 1: a range goes upwards",
          "*/0 * * * *   | minute '*/0' at character 1: the number 0 must be 1 to 60",
          "*/x * * * *   | minute '*/x' at character 1: a step is a number",
          "? * * * *     | minute '?' at character 1: expected 0 to 59",
          "0 0 ?,3 * *   | day of month '?' at character 5: '?' must be alone",
          "0 0 * * MON#6 | day of week 'MON#6' at character 9: the number 6 must be 1 to 5",
          "0 0 * * L     | day of week 'L' at character 9: expected 0 to 7",
          "0 0 32W * *   | day of month '32W' at character 5: the number 32 must be 1 to 31",
          "-5 * * * *    | minute '-5' at character 1: expected 0 to 59",
          "1,,2 * * * *  | minute '' at character 3: expected 0 to 59",
          "* * * *       | has 4 fields, expected 5",
          "0 0 0 1 1 ? 2027 | has 7 fields, expected 5",
          "@reboot       | cron '@reboot' is unknown: expected @hourly, @daily",
          "0 0 30 2 *    | never fires: none of its months has such a day",
          "0 0 31 4,6 *  | never fires: none of its months has such a day"
        })
    void that_is_wrong_is_refused_with_the_place_and_what_is_expected(String cron, String message) {
      assertThatThrownBy(() -> Cron.parse(cron))
          .isInstanceOf(InvalidRequestException.class)
          .message()
          .contains(message, cron)
          .doesNotContain("\n");
    }

    @Test
    void has_a_limit_to_its_length() {
      String minutes =
          String.join(",", IntStream.range(0, 334).mapToObj(i -> "10").toArray(String[]::new));

      assertThat(Cron.parse(minutes.substring(0, 992 - 1) + "0 * * * *")).isNotNull();
      assertThatThrownBy(() -> Cron.parse(minutes + " * * * *"))
          .hasMessageContaining("at most 1000 characters, had 1009");
    }

    @Test
    void equals_one_that_is_written_alike() {
      assertThat(Cron.parse(" 0  3 * * mon "))
          .isEqualTo(Cron.parse("0 3 * * MON"))
          .hasSameHashCodeAs(Cron.parse("0 3 * * MON"))
          .hasToString("0 3 * * mon")
          .isNotEqualTo(Cron.parse("0 3 * * 1"));
      assertThat(Cron.parse("@daily")).hasToString("@daily");
    }
  }

  @Nested
  class A_zone {
    @Test
    void that_is_unknown_is_refused_with_one_that_was_meant() {
      assertThatThrownBy(() -> Schedule.zone("Berlin"))
          .hasMessage(
              "zone 'Berlin' is unknown: expected a name such as Europe/Berlin or UTC; did you mean"
                  + " Europe/Berlin?");
      assertThatThrownBy(() -> Schedule.zone("Europe/Berln"))
          .hasMessageEndingWith("did you mean Europe/Berlin?");
      assertThatThrownBy(() -> Schedule.zone("new york"))
          .hasMessageEndingWith("did you mean America/New_York?");
      assertThatThrownBy(() -> Schedule.zone("Mars/Olympus"))
          .hasMessageEndingWith("such as Europe/Berlin or UTC");
    }
  }
}
