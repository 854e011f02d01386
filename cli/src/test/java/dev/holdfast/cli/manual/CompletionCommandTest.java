package dev.holdfast.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-43")
class CompletionCommandTest {
  @TempDir Path folder;

  /** Returns the completions that bash offers for the last of the words. */
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
  void of_zsh_uses_that_of_bash() {
    Cli cli = new Cli(folder);

    assertThat(cli.run("completion", "zsh").out())
        .contains("bashcompinit")
        .endsWith(cli.run("completion", "bash").out());
  }

  /** Returns the words that fish offers for a line. */
  private List<String> offeredByFish(String line) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/fish")), "no fish: apt-get install fish");
    Path script = folder.resolve("holdfast.fish");
    Files.writeString(script, new Cli(folder).run("completion", "fish").out());
    Path out = folder.resolve("out");
    Process fish =
        new ProcessBuilder(
                "/usr/bin/fish",
                "--no-config",
                "-c",
                "source '%s'; complete -C '%s'".formatted(script, line))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(fish.waitFor()).as(Files.readString(out)).isZero();
    return Files.readAllLines(out).stream().map(one -> one.replaceFirst("\t.*", "")).toList();
  }

  @Test
  void of_fish_offers_commands_options_and_values_after_options_with_values() throws Exception {
    assertThat(offeredByFish("holdfast clean")).containsExactly("cleanup-dead", "cleanup-old");
    assertThat(offeredByFish("holdfast -d x.db queues pa")).containsExactly("pause");
    assertThat(offeredByFish("holdfast recover --mark")).containsExactly("--mark-failed");
    assertThat(offeredByFish("holdfast recover --strategy pl")).containsExactly("planned-restart");
    assertThat(offeredByFish("holdfast enqueue --if-failed ")).containsExactly("cancel", "run");
  }

  @Test
  void of_other_shells_is_refused() {
    Cli.Result result = new Cli(folder).run("completion", "csh");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("expected one of [BASH, ZSH, FISH]").hasLineCount(1);
  }
}
