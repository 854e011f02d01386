/** The commands that show how a queue is: status, doctor, metrics. */
@NullMarked
package dev.holdfast.cli.health;

import org.jspecify.annotations.NullMarked;
