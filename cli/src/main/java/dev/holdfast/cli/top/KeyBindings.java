package dev.holdfast.cli.top;

import java.util.List;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** The keys of a terminal and what they mean. */
final class KeyBindings {
  private static final String ESCAPE = "\u001b";
  private static final String CTRL_C = "\u0003";

  /** The time after which an escape is the key, and not the beginning of another key's sequence. */
  private static final long ESCAPE_MILLIS = 100;

  private final KeyMap<Key> commands = new KeyMap<>();
  private final KeyMap<Key> text = new KeyMap<>();

  KeyBindings(Terminal terminal) {
    for (KeyMap<Key> keys : List.of(commands, text)) {
      keys.setAmbiguousTimeout(ESCAPE_MILLIS);
      keys.setNomatch(Key.TEXT);
      keys.setUnicode(Key.TEXT);
      keys.bind(Key.UP, sequence(terminal, Capability.key_up), "\u001b[A", "\u001bOA");
      keys.bind(Key.DOWN, sequence(terminal, Capability.key_down), "\u001b[B", "\u001bOB");
      keys.bind(Key.PAGE_UP, sequence(terminal, Capability.key_ppage), "\u001b[5~");
      keys.bind(Key.PAGE_DOWN, sequence(terminal, Capability.key_npage), "\u001b[6~");
      keys.bind(Key.ENTER, "\r", "\n");
      keys.bind(Key.BACK, ESCAPE);
      keys.bind(Key.ERASE, "\u007f", "\b");
      keys.bind(Key.QUIT, CTRL_C);
    }
    commands.bind(Key.UP, "k");
    commands.bind(Key.DOWN, "j");
    commands.bind(Key.NEXT_PANE, "\t");
    commands.bind(Key.PREVIOUS_PANE, "\u001b[Z");
    commands.bind(Key.SORT, "s");
    commands.bind(Key.FILTER, "/");
    commands.bind(Key.FREEZE, ".", " ");
    commands.bind(Key.PAUSE, "p");
    commands.bind(Key.REFRESH, "r");
    commands.bind(Key.HELP, "?");
    commands.bind(Key.QUIT, "q");
    for (char character = ' '; character < '\u007f'; character++) {
      text.bind(Key.TEXT, String.valueOf(character));
    }
  }

  /** Returns a sequence that no key sends if the terminal does not have this key. */
  private static String sequence(Terminal terminal, Capability key) {
    String sequence = KeyMap.key(terminal, key);
    return sequence == null || sequence.isEmpty() ? "\u001b[none" : sequence;
  }

  /** Returns what keys mean in this mode. */
  KeyMap<Key> of(Screen.Mode mode) {
    return switch (mode) {
      case BROWSING, READING -> commands;
      case TYPING, ASKED -> text;
    };
  }
}
