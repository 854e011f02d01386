package dev.holdfast.cli.each;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OccurrencesTest {
  @TempDir Path folder;

  @Test
  void it_counts_like_a_map_while_it_grows() throws IOException {
    Random random = new Random(42);
    Map<Long, Long> expected = new HashMap<>();

    try (Occurrences occurrences = new Occurrences(folder)) {
      for (int i = 0; i < 50_000; i++) {
        long hash = random.nextInt(20_000) - 10L;
        long count = expected.merge(hash == 0 ? 1 : hash, 1L, Long::sum);
        assertThat(occurrences.count(hash)).isEqualTo(count);
      }
    }
  }

  @Test
  void it_leaves_no_file_behind() throws IOException {
    try (Occurrences occurrences = new Occurrences(folder)) {
      for (long hash = 1; hash < 10_000; hash++) {
        occurrences.count(hash);
      }
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).as("even while it is in use").isEmpty();
      }
    }
  }

  @Test
  @Tag("slow")
  void a_million_lines_need_little_memory() throws Exception {
    ChildJvm child = ChildJvm.start(folder, MillionLines.class, "-Xmx32m", folder.toString());

    assertThat(child.end()).isZero();
    assertThat(child.out()).isEqualTo("2\n");
  }

  /** A program that counts a million different hashes twice. */
  static final class MillionLines {
    private MillionLines() {}

    public static void main(String[] args) throws IOException {
      long least = Long.MAX_VALUE;
      try (Occurrences occurrences = new Occurrences(Path.of(args[0]))) {
        for (int round = 0; round < 2; round++) {
          for (long line = 0; line < 1_000_000; line++) {
            long count = occurrences.count(line * 0x5DEECE66DL + 11);
            least = round == 0 ? least : Math.min(least, count);
          }
        }
      }
      System.out.println(least);
    }
  }
}
