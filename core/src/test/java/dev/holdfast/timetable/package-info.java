@NullMarked
package dev.holdfast.timetable;

import org.jspecify.annotations.NullMarked;
