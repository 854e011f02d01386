package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R-74")
class FingerprintTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "no user 17 in the database | no user <n> in the database",
        "took 1.5 s, at most 1,000 ms | took <n> s, at most <n> ms",
        "job 0193f2a0-1c2d-7e3f-8a9b-0c1d2e3f4a5b is gone | job <id> is gone",
        "cannot read 'a b.txt' | cannot read <quoted>",
        "column \"x\" and `y` and “z” | column <quoted> and <quoted> and <quoted>",
        "it can't be: it doesn't fit | it can't be: it doesn't fit",
        "IOException: /var/lib/app/x.db: no such file | IOException: <path>: no such file",
        "IOException: C:\\data\\x.db missing | IOException: <path> missing",
        "GET https://api.example.com/users/7?x=1 gave 503 | GET <url> gave <n>",
        "at 0x7ffe12ab and deadbeef00 | at <hex> and <hex>",
        "java.lang.Object@1b2c3d4e | java.lang.Object<hex>",
        "a cafe facade is no number | a cafe facade is no number",
        "worker-17 on 10.0.0.1:5432 | worker-<n> on <n>",
        "either/or is no path | either/or is no path",
        "two   lines | two lines",
      })
  void leaves_out_what_differs_from_job_to_job(String message, String expected) {
    assertThat(Fingerprint.withoutDetails(message)).isEqualTo(expected);
  }

  @Test
  void is_the_same_for_the_same_reason_and_another_for_each_type_and_kind() {
    Fingerprint one = Fingerprint.of("mail", Failure.of(Failure.Kind.ERROR, "no user 17"));

    assertThat(Fingerprint.of("mail", Failure.of(Failure.Kind.ERROR, "no user 42"))).isEqualTo(one);
    assertThat(Fingerprint.of("fax", Failure.of(Failure.Kind.ERROR, "no user 17")))
        .isNotEqualTo(one);
    assertThat(Fingerprint.of("mail", Failure.of(Failure.Kind.TIMEOUT, "no user 17")))
        .isNotEqualTo(one);
    assertThat(Fingerprint.of("mail", Failure.of(Failure.Kind.ERROR, "no use 17")))
        .isNotEqualTo(one);
  }

  @Test
  void is_read_as_it_is_written() {
    Fingerprint one = new Fingerprint(0x00ab);

    assertThat(one).hasToString("00000000000000ab");
    assertThat(Fingerprint.parse(one.toString())).isEqualTo(one);
    assertThatThrownBy(() -> Fingerprint.parse("xyz"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("16 hexadecimal digits");
  }

  @Test
  void is_quick_for_hostile_messages() {
    for (String part : new String[] {"'", "\"a", "/a", "a:/", "0x", "1.", "f1", "-1-", "<(["}) {
      String unused = Fingerprint.withoutDetails(part.repeat(4_000 / part.length()));
    }
  }
}
