package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.terminal.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-43")
class CompletionCommandTest {
  @TempDir Path folder;

  /** What bash offers when the last of the words is completed. */
  private String completed(String... words) throws IOException, InterruptedException {
    Path script = folder.resolve("completion");
    Files.writeString(script, new Cli(folder).run("completion", "bash").out());
    String line =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_holdfast 2>/dev/null; echo \"${COMPREPLY[*]}\""
            .formatted(script, String.join(" ", words), words.length - 1);
    Path out = folder.resolve("out");
    Process bash =
        new ProcessBuilder("bash", "-c", line)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(bash.waitFor()).as(Files.readString(out)).isZero();
    return Files.readString(out).strip();
  }

  @Test
  void completes_commands_and_their_options() throws Exception {
    assertThat(completed("holdfast", "clean")).isEqualTo("cleanup-dead cleanup-old");
    assertThat(completed("holdfast", "recover", "--mark")).isEqualTo("--mark-failed");
    assertThat(completed("holdfast", "workers", "fo")).isEqualTo("forget");
    assertThat(completed("holdfast", "recover", "--strategy", "pl")).isEqualTo("planned-restart");
  }

  @Test
  void of_zsh_stands_on_that_of_bash() {
    Cli cli = new Cli(folder);

    assertThat(cli.run("completion", "zsh").out())
        .contains("bashcompinit")
        .endsWith(cli.run("completion", "bash").out());
  }

  @Test
  void of_other_shells_is_not_known() {
    Cli.Result result = new Cli(folder).run("completion", "fish");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("expected one of [BASH, ZSH]").hasLineCount(1);
  }
}
