@NullMarked
package dev.holdfast.cli.manual;

import org.jspecify.annotations.NullMarked;
