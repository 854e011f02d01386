package dev.holdfast.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Cli;
import dev.holdfast.cli.FullQueue;
import dev.holdfast.cli.Tables;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.testkit.postgres.PostgresDatabases;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves a queue from its file to PostgreSQL and back. */
@Tag("R-55")
class CopyToPostgresTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));
  String server = "";

  @BeforeEach
  void nameDatabases() {
    cli = new Cli(folder);
    server = PostgresDatabases.shared(18).create();
  }

  private void same(Map<String, List<String>> contents, Map<String, List<String>> expected) {
    expected.forEach((table, rows) -> assertThat(contents.get(table)).as(table).isEqualTo(rows));
  }

  @Test
  void every_row_of_every_table_goes_there_and_back() throws Exception {
    FullQueue.fill(cli);
    Map<String, List<String>> before = new Tables(cli.db()).contents();

    Cli.Result there = cli.run("copy", "--to", server);

    assertThat(there.code()).as(there.err()).isZero();
    same(new Tables(server).contents(), before);
    Path file = folder.resolve("back.db");
    Cli.Result back = cli.run("copy", "-d", server, "--to", file.toString());
    assertThat(back.code()).as(back.err()).isZero();
    same(new Tables(file).contents(), before);
  }

  @Test
  void an_export_is_the_same_from_both() throws Exception {
    FullQueue.fill(cli);
    String file = folder.resolve("out.jsonl").toString();
    cli.run("export", file);

    Cli.Result result = cli.run("import", file, "-d", server);

    assertThat(result.code()).as(result.err()).isZero();
    same(new Tables(server).contents(), new Tables(cli.db()).contents());
    assertThat(cli.run("export", "-", "-d", server).out()).isEqualTo(cli.run("export", "-").out());
  }

  @Test
  void writes_to_the_old_database_fail_with_the_new_address_without_its_password()
      throws Exception {
    cli.run("enqueue", "--type", "t");
    assertThat(cli.run("copy", "--to", server).code()).isZero();
    Path file = folder.resolve("back.db");
    cli.run("copy", "-d", server, "--to", file.toString());

    Cli.Result old = cli.run("enqueue", "--type", "t");
    Cli.Result older = cli.run("enqueue", "--type", "t", "-d", server);

    assertThat(old.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(old.err()).contains("has moved to 'jdbc:postgresql://").doesNotContain("password");
    assertThat(older.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(older.err())
        .isEqualTo("holdfast: this queue has moved to '%s': use that address\n".formatted(file));
    assertThat(cli.run("enqueue", "--type", "t", "-d", file.toString()).code()).isZero();
  }
}
