@NullMarked
package dev.holdfast.cli.schedules;

import org.jspecify.annotations.NullMarked;
