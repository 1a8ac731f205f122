# What caches lose in slabs: kfrag --csv -s waste -n 12 FILE >caches.csv
set datafile separator ','; set key noenhanced; set xtics rotate noenhanced; set ylabel 'bytes'
set style data histograms; set style histogram rowstacked; set style fill solid; set yrange [0:*]
plot for [column in 'kernel_idle_bytes kernel_tail_bytes'] 'caches.csv' using column:xtic(1) title column
