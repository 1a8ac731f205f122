# Free blocks of each order: kfrag --format gnuplot FILE >report.dat
set style data histeps
set logscale y
plot 'report.dat' index 'orders' using 3:(stringcolumn(1) eq 'buddy' && stringcolumn(2) eq 'settled' ? $5 + 1 : NaN) title 'buddy only, free blocks + 1', '' index 'orders' using 3:(stringcolumn(1) eq 'slab' && stringcolumn(2) eq 'settled' ? $5 + 1 : NaN) title 'buddy + slab'
