package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables as programs and as people at terminals of several widths get them. */
@Tag("R-77")
final class TableTest {
  private static List<String> texts(List<StyledLine> lines) {
    return lines.stream().map(StyledLine::text).toList();
  }

  private static Table jobs() {
    Table table = new Table("ID", "TYPE", "PRIO", "NOTE", "FAILURE").givingWay("PRIO", "TYPE");
    table.add("a1", "mail", "5", "", "ERROR: the host does not answer");
    table.add("a2", "report", "10", "", "");
    return table;
  }

  @Test
  void show_all_columns_to_a_program() {
    assertThat(texts(jobs().lines()))
        .containsExactly(
            "ID  TYPE    PRIO  NOTE  FAILURE",
            "a1  mail       5        ERROR: the host does not answer",
            "a2  report    10");
  }

  @Test
  void leave_out_empty_columns_on_a_terminal() {
    assertThat(texts(jobs().lines(80)))
        .containsExactly(
            "ID  TYPE    PRIO  FAILURE",
            "a1  mail       5  ERROR: the host does not answer",
            "a2  report    10");
  }

  @Test
  void leave_out_the_columns_that_give_way_and_cut_the_last_one_where_a_row_is_too_long() {
    assertThat(texts(jobs().lines(30)))
        .containsExactly("ID  TYPE    FAILURE", "a1  mail    ERROR: the host d…", "a2  report");
    assertThat(texts(jobs().lines(21)))
        .containsExactly("ID  FAILURE", "a1  ERROR: the host …", "a2");
  }

  @Test
  void take_back_a_column_that_fits_since_a_wider_one_is_left_out() {
    Table table = new Table("ID", "PRIO", "QUEUE", "TYPE").givingWay("PRIO", "QUEUE");
    table.add("a1", "5", "a queue with a long name", "mail");

    assertThat(texts(table.lines(20))).containsExactly("ID  PRIO  TYPE", "a1     5  mail");
  }

  @Test
  void count_wide_characters_twice_where_they_cut() {
    Table table = new Table("TYPE");
    table.add("日本語日本語");

    assertThat(texts(table.lines(8))).containsExactly("TYPE", "日本語…");
    assertThat(table.lines(8)).allMatch(line -> line.width() <= 8);
  }

  @Test
  void paint_no_escape_sequence_that_came_from_outside() {
    Table table = new Table("TYPE");
    table.add(List.of(new Cell("x\u001b[31my", Tone.ALARM)));

    assertThat(table.lines().get(1).painted())
        .startsWith("\u001b[")
        .endsWith("\u001b[0m")
        .contains("x·[31my")
        .doesNotContain("x\u001b");
  }

  @Test
  void wrap_text_between_words() {
    assertThat(Text.wrap("one two  three", 7)).containsExactly("one two", "three");
    assertThat(Text.wrap("one twofold", 5)).containsExactly("one", "twofo", "ld");
    assertThat(Text.wrap("", 5)).containsExactly("");
  }
}
