# Free blocks of each order: kfrag --format gnuplot FILE >report.dat
set xlabel 'order'; set ylabel 'free blocks + 1'; set logscale y; set style data linespoints
settled(name) = stringcolumn(1) eq name && stringcolumn(2) eq 'settled' ? column(5) + 1 : NaN
plot 'report.dat' index 'orders' using 3:(settled('buddy')) title 'buddy only', '' index 'orders' using 3:(settled('slab')) title 'buddy + slab'
