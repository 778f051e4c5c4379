-- gives back the memory of what the books show of the flipped funnel
drop table funnel_books
