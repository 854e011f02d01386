package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> read(byte[] input, char delimiter) throws IOException {
    Lines lines = new Lines(new ByteArrayInputStream(input), delimiter, () -> {});
    List<String> read = new ArrayList<>();
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      read.add(line.get().number() + ":" + line.get().mistake().orElse(line.get().text()));
    }
    return read;
  }

  private static List<String> read(String input) throws IOException {
    return read(input.getBytes(UTF_8), '\n');
  }

  @Test
  void lines_are_read_with_and_without_an_end() throws IOException {
    assertThat(read("a\nb\n")).containsExactly("1:a", "2:b");
    assertThat(read("a\n\nb")).containsExactly("1:a", "2:", "3:b");
    assertThat(read("")).isEmpty();
    assertThat(read("\n")).containsExactly("1:");
  }

  @Test
  void other_delimiters_leave_newlines_alone() throws IOException {
    assertThat(read("a\nb\0\0c".getBytes(UTF_8), '\0')).containsExactly("1:a\nb", "2:", "3:c");
  }

  @Test
  void a_line_longer_than_the_buffer_is_whole() throws IOException {
    String line = "ä".repeat(60_000);

    assertThat(read(line + "\nb")).containsExactly("1:" + line, "2:b");
  }

  @Test
  void the_longest_line_is_what_a_program_can_be_given() throws IOException {
    String line = "a".repeat(Lines.LINE_BYTES_MAX);

    assertThat(read(line + "\n" + line + "b\nc"))
        .containsExactly("1:" + line, "2:is longer than 131,071 bytes", "3:c");
  }

  @Test
  void a_line_that_is_not_UTF_8_is_reported_and_the_others_are_read() throws IOException {
    assertThat(read("a\nb\u00ff\nc".getBytes(ISO_8859_1), '\n'))
        .containsExactly("1:a", "2:is not valid UTF-8", "3:c");
  }

  @Test
  void a_NUL_in_a_line_is_reported() throws IOException {
    assertThat(read("a\0b\nc"))
        .containsExactly("1:has a NUL character: use -0 for NUL-separated input", "2:c");
  }

  @Test
  void it_calls_back_before_it_has_to_wait_and_only_then() throws IOException {
    AtomicInteger waits = new AtomicInteger();
    Lines lines = new Lines(new Parts("a\nb\n", "c\n"), '\n', waits::incrementAndGet);

    lines.next();
    assertThat(waits).hasValue(1); // nothing was there at the beginning
    lines.next();
    assertThat(waits).hasValue(1);
    lines.next();
    assertThat(waits).hasValue(2);
  }

  /** An input that provides each part only when it is read. */
  private static final class Parts extends InputStream {
    private final List<String> left;

    private Parts(String... parts) {
      left = new ArrayList<>(List.of(parts));
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (left.isEmpty()) {
        return -1;
      }
      byte[] part = left.remove(0).getBytes(UTF_8);
      System.arraycopy(part, 0, bytes, offset, part.length);
      return part.length;
    }
  }
}
