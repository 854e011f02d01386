package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.SchemaException;
import dev.holdfast.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-49")
final class OpeningTest {
  @TempDir private Path folder;

  @Nested
  class A_new_file {
    @Test
    void is_readable_by_its_owner_only_and_so_are_its_companion_files() throws IOException {
      try (Holdfast holdfast = Holdfast.open(file().toString())) {
        holdfast.handle("a", String.class, (payload, job) -> null);
        holdfast.start();
        holdfast.enqueue(NewJob.of("a", "x"));

        try (Stream<Path> tree = Files.walk(folder)) {
          for (Path path : tree.filter(path -> !path.equals(folder)).toList()) {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            assertThat(mode).as(path.toString()).endsWith("------");
          }
        }
      }
    }

    @Test
    void takes_its_settings() throws SQLException {
      try (Holdfast holdfast = Holdfast.open(file().toString())) {
        assertThat(holdfast.queue().status().database().settings())
            .containsEntry("synchronous", "FULL")
            .containsEntry("journal_mode", "WAL");
      }
      assertThat(ask("pragma journal_mode")).isEqualTo("wal");
      assertThat(ask("pragma page_size")).isEqualTo("4096");
    }

    @Test
    void is_made_once_when_many_open_it_at_the_same_time() throws InterruptedException {
      Thread[] openers = new Thread[8];
      for (int i = 0; i < openers.length; i++) {
        openers[i] = new Thread(() -> Holdfast.open(file().toString()).close());
        openers[i].start();
      }
      for (Thread opener : openers) {
        opener.join();
      }

      try (Holdfast holdfast = Holdfast.openExisting(file().toString())) {
        assertThat(holdfast.queue().status().newest()).isEmpty();
      }
    }

    @Test
    void is_not_made_by_those_who_only_look() {
      assertThatThrownBy(() -> Holdfast.openExisting(file().toString()))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining(file().toString());
      assertThat(file()).doesNotExist();
    }
  }

  @Nested
  class Refused_with_what_and_where_and_what_to_do {
    @Test
    void is_a_text_file_and_it_stays_as_it_is() throws IOException {
      Files.writeString(file(), "these are my notes, not a database, ".repeat(100));

      assertThatThrownBy(() -> Holdfast.open(file().toString()))
          .isInstanceOf(StorageException.class)
          .hasMessage(
              "'%s' is not an SQLite database: name another file, it was left as it is"
                  .formatted(file()));
      assertThat(file()).content().startsWith("these are my notes");
    }

    @Test
    void is_the_database_of_another_program() throws SQLException {
      ask("create table customers (name text)");

      assertThatThrownBy(() -> Holdfast.open(file().toString()))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("of another program");
      assertThat(ask("select count(*) from sqlite_schema")).isEqualTo("1");
    }

    @Test
    void is_a_newer_schema() throws SQLException {
      Holdfast.open(file().toString()).close();
      ask("pragma user_version = 99");

      assertThatThrownBy(() -> Holdfast.open(file().toString()))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("schema 99")
          .hasMessageContaining("use a newer Holdfast");
    }

    @Test
    void is_a_folder() {
      assertThatThrownBy(() -> Holdfast.open(folder.toString()))
          .isInstanceOf(StorageException.class)
          .hasMessage("'%s' is a folder: name a file in it".formatted(folder));
    }

    @Test
    void is_a_file_in_a_folder_that_does_not_exist() {
      assertThatThrownBy(() -> Holdfast.open(folder.resolve("none/jobs.db").toString()))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("does not exist: create it first");
    }

    @Test
    void is_a_file_without_access() throws IOException {
      assumeTrue(!isRoot(), "needs a user whom permissions bind; root may read everything");
      Files.createFile(
          file(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));

      assertThatThrownBy(() -> Holdfast.open(file().toString()))
          .isInstanceOf(PermissionException.class);
    }

    @Test
    void is_no_file_at_all() {
      assertThatThrownBy(() -> Holdfast.open(":memory:"))
          .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void is_an_unknown_option() {
      assertThatThrownBy(() -> Holdfast.open(file() + "?synchronous=off"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("synchronous=FULL or synchronous=NORMAL");
    }
  }

  @Nested
  class A_file_in_use {
    @Test
    void that_is_replaced_takes_no_more_writes() throws IOException {
      try (Holdfast holdfast = Holdfast.open(file().toString())) {
        holdfast.enqueue(NewJob.of("a", "x"));
        Files.delete(file());

        assertThatThrownBy(
                () -> {
                  while (true) { // it checks once a second
                    holdfast.enqueue(NewJob.of("a", "x"));
                  }
                })
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("deleted or replaced");
      }
    }

    @Test
    void is_shared_by_several_handles() {
      try (Holdfast one = Holdfast.open(file().toString());
          Holdfast other = Holdfast.open(file().toString())) {
        var id = one.enqueue(NewJob.of("a", "x")).id();

        assertThat(other.find(id)).isPresent();
      }
    }
  }

  private Path file() {
    return folder.resolve("jobs.db");
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private String ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      return statement.execute(sql) ? statement.getResultSet().getString(1) : "";
    }
  }
}
