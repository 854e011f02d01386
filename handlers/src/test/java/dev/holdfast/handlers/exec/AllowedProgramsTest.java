package dev.holdfast.handlers.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that jobs may run on a worker of a database that others can write to. */
@Tag("R-24")
final class AllowedProgramsTest {
  private static final AllowedPrograms DATE = AllowedPrograms.of(List.of("date"));

  private static ExecPayload with(Map<String, String> env) {
    return new ExecPayload(List.of("date"), null, Map.copyOf(env), null);
  }

  @Test
  void are_those_that_were_named() {
    assertThat(DATE.objection("date", with(Map.of()))).isEmpty();
    assertThat(DATE.objection("./date", with(Map.of())))
        .contains(
            "the program './date' may not run on this node: its operator can allow it with --allow-exec");
  }

  @Test
  void run_with_variables_of_the_job_only_where_everything_may_run() {
    assertThat(DATE.objection("date", with(Map.of("PATH", "/tmp")))).isPresent();
    assertThat(AllowedPrograms.of(List.of("*")).objection("date", with(Map.of("PATH", "/tmp"))))
        .isEmpty();
    assertThat(AllowedPrograms.all().objection("any", with(Map.of("A", "b")))).isEmpty();
  }
}
