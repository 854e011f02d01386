package dev.holdfast.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.process.Eventually;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PostgresServerTest {

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void is_of_the_version_that_was_asked_for_and_as_durable_as_in_production(int major)
      throws SQLException {
    String url = PostgresDatabases.shared(major).url();

    assertThat(Sql.query(url, "show server_version_num")).startsWith(Integer.toString(major));
    assertThat(Sql.query(url, "show fsync")).isEqualTo("on");
    assertThat(Sql.query(url, "show synchronous_commit")).isEqualTo("on");
    assertThat(Sql.query(url, "show full_page_writes")).isEqualTo("on");
  }

  @Test
  void of_a_version_that_is_not_there_says_what_is_there_and_what_to_do() {
    assertThatThrownBy(() -> PostgresServer.start(9))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no PostgreSQL 9")
        .hasMessageContaining("18.")
        .hasMessageContaining("holdfast.postgres.jars");
  }

  @Test
  void that_does_not_start_reports_its_log() {
    assertThatThrownBy(
            () -> PostgresServer.start(18, java.util.Map.of("shared_buffers", "nonsense")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("invalid value for parameter \"shared_buffers\"");
  }

  static Stream<Arguments> ends() {
    return Stream.of(15, 18)
        .flatMap(
            major ->
                Stream.of(
                    ended(major, "SIGKILL", PostgresServer::kill),
                    ended(major, "SIGQUIT", PostgresServer::stopImmediately),
                    ended(major, "SIGINT", PostgresServer::stop)));
  }

  private static Arguments ended(int major, String signal, Consumer<PostgresServer> end) {
    return Arguments.of(major, signal, end);
  }

  @ParameterizedTest(name = "{0} after {1}")
  @MethodSource("ends")
  void comes_back_with_all_that_was_committed(
      int major, String signal, Consumer<PostgresServer> end) throws SQLException {
    try (PostgresServer server = PostgresServer.start(major)) {
      String url = server.createDatabase();
      Sql.execute(url, "create table kept as select generate_series(1, 1000)");
      long postmaster = server.pid();

      end.accept(server);
      assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
      server.restart();

      assertThat(server.pid()).isNotEqualTo(postmaster);
      assertThat(Sql.query(url, "select count(*) from kept")).isEqualTo("1000");
    }
  }

  @Test
  void gives_each_caller_a_database_of_its_own() throws SQLException {
    PostgresDatabases databases = PostgresDatabases.shared(18);
    String first = databases.create();
    String second = databases.create();
    Sql.execute(first, "create table own ()");

    assertThat(Sql.query(second, "select to_regclass('own') is null")).isEqualTo("t");
    databases.drop(first);
    databases.drop(second);

    assertThatThrownBy(() -> Sql.query(first, "select 1")).hasMessageContaining("does not exist");
  }

  @Test
  void ends_and_leaves_nothing_behind_when_its_JVM_was_killed() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dholdfast.postgres.jars=" + System.getProperty("holdfast.postgres.jars"),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = program.inputReader()) {
      ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      Path folder = Path.of(output.readLine());
      assertThat(folder).exists();

      program.destroyForcibly().waitFor();

      postmaster.onExit().join();
      Eventually.is("the folder is removed", () -> !Files.exists(folder));
    }
  }

  static final class Program {
    public static void main(String[] arguments) throws InterruptedException {
      PostgresServer server = PostgresServer.start(18);
      System.out.println(server.pid());
      System.out.println(server.log().getParent());
      Thread.currentThread().join();
    }
  }
}
