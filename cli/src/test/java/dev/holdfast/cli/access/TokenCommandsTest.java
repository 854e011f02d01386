package dev.holdfast.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-47")
class TokenCommandsTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void create() {
    cli = new Cli(folder);
    for (String name : new String[] {"ada", "grace", "linus"}) {
      assertThat(cli.run("token", "create", name, "--role", "viewer").code()).isZero();
    }
  }

  @Test
  void revoke_one_token_or_all_of_them() {
    assertThat(cli.run("token", "revoke", "grace").out()).isEqualTo("revoked grace\n");
    assertThat(cli.run("token", "revoke", "--all").out()).isEqualTo("revoked ada\nrevoked linus\n");
    assertThat(cli.run("token", "revoke", "--all").out()).isEmpty();
  }

  @Test
  void suggest_a_similar_name_for_one_that_does_not_exist() {
    Cli.Result unknown = cli.run("token", "revoke", "garce");
    assertThat(unknown.code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(unknown.err()).contains("did you mean grace?");
  }

  @Test
  void need_to_be_told_which() {
    assertThat(cli.run("token", "revoke").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.run("token", "revoke", "ada", "--all").code()).isEqualTo(ExitCodes.USAGE);
  }
}
