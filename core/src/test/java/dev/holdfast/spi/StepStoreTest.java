package dev.holdfast.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-69")
class StepStoreTest {
  private static final JobId JOB = JobId.parse("01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90");

  @Test
  void names_some_of_many_steps_for_an_unknown_one() {
    List<String> names = IntStream.rangeClosed(1, 1_000).mapToObj(i -> "page " + i).toList();

    assertThat(StepStore.noStep(JOB, "pages", names))
        .hasMessageContaining("has no step 'pages', only page 1, page 2, ")
        .hasMessageEndingWith(", page 10 and 990 more");
    assertThat(StepStore.noStep(JOB, "pages", names.subList(0, 2)))
        .hasMessageEndingWith("only page 1, page 2");
  }

  @Test
  void shortens_the_name_of_an_unknown_step() {
    assertThat(StepStore.noStep(JOB, "x".repeat(10_000), List.of("a")).getMessage())
        .hasSizeLessThan(300);
  }
}
