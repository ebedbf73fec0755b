"""Names of people and places for made-up people: values only, from many cultures, dealt to the two halves in turn.

Names that are also common words stand apart: they are the hard ones.
"""

from __future__ import annotations

from typing import Final

CULTURES: Final = (
    ("Margaret Oliver Harriet Edmund Philippa Nigel Rosalind Gareth",
     "Thornhill Ashworth Pemberton Lockwood Fairclough Hargreaves Winterbourne Cresswell"),
    ("Agnieszka Zbigniew Małgorzata Paweł Katarzyna Łukasz Grażyna Mirosław",
     "Wójcik Kowalczyk Zieliński Szymańska Dąbrowski Jabłońska Kaczmarek Piątek"),
    ("Jürgen Käthe Götz Sabine Matthias Anneliese Björn Friederike",
     "Müller Schäfer Großmann Weiß Krüger Löffler Bäumer Hofstetter"),
    ("Chloé Étienne Aurélie François Maëlle Gaëtan Inès Benoît",
     "Lefèvre Besançon Châtelain Delacroix Grégoire Noël Maréchal Prévost"),
    ("Íñigo María José Sofía Andrés Lucía Joaquín Verónica",
     "Muñoz Peña Gutiérrez Ibáñez Quiñones Zúñiga Castañeda Villaseñor"),
    ("Priya Arjun Lakshmi Venkatesh Sunita Rajesh Meenakshi Harpreet",
     "Raghunathan Chatterjee Subramaniam Deshpande Gill Mukherjee Iyer Bhattacharya"),
    ("Xiuying Wei Jianguo Meiling Haoran Yuxuan Zhenhua Lanfen",
     "Zhang Ouyang Huang Sima Xiong Zhuge Liang Feng"),
    ("Haruka Kenji Ayumi Takeshi Sakura Daisuke Natsuki Ryōta",
     "Watanabe Kobayashi Yamashita Hashimoto Ōkubo Matsuda Fujiwara Nakagawa"),
    ("Min-jun Seo-yeon Ji-hoon Ha-eun Dong-hyun Soo-ah Tae-young Eun-kyung",
     "Hwang Baek Seong Kwon Jeong Namgung Ryu Hyun"),
    ("Nguyệt Thanh Phương Hải Ngọc Quân Thảo Dũng",
     "Nguyễn Phạm Đặng Huỳnh Trương Vũ Đoàn Lương"),
    ("Fatima Youssef Layla Khalid Nadia Tariq Samira Bilal",
     "Al-Rashid Haddad El-Sayed Benali Mansour Khoury Abdelrahman Ziani"),
    ("Adaeze Chukwuemeka Oluwaseun Folasade Ngozi Babatunde Ifeoma Kehinde",
     "Okonkwo Adeyemi Nwachukwu Olawale Eze Ogunleye Babangida Uzoma"),
    ("Svetlana Dmitri Oksana Bohdan Lyudmila Andriy Halyna Vsevolod",
     "Kuznetsova Shevchenko Bondarenko Popov Kovalenko Moroz Sokolova Tkachuk"),
    ("Ayşe Mehmet Gülşen Okan Zeynep Burak Çiğdem İsmail",
     "Yılmaz Öztürk Çelik Şahin Doğan Kılıç Aydın Türkoğlu"),  # noqa: RUF001  # Turkish has an i without a dot
    ("Astrid Sigurður Linnéa Åke Freja Søren Þóra Håkon",
     "Ólafsdóttir Björklund Sørensen Ångström Nygård Lindqvist Østergaard Guðmundsson"),
    ("Kahurangi Wiremu Aroha Tāne Leilani Keoni Sefina Tevita",
     "Ngata Parata Kealoha Tamatoa Faleolo Tuilagi Waititi Kahananui"),
    ("Itzel Cuauhtémoc Xóchitl Tupac Nayeli Citlali Ollin Yaretzi",
     "Quispe Mamani Condori Tlatoa Huamán Xicohténcatl Choque Apaza"),
    ("Eleni Kostas Despina Yiannis Anthoula Stavros Katerina Manolis",
     "Papadopoulos Georgiou Economou Vlachos Zervas Katsaros Drakos Nikolaidis"),
)  # fmt: skip
"""Given names and family names of one culture each."""

COMMON: Final = (
    "Grace Page", "Mark Field", "Will Power", "Joy Banks", "Rose Price", "Bill Post", "Hope Young", "Art Close",
    "Summer Day", "May Long", "Frank Case", "Chase Bond", "Faith Church", "Rich Sales", "Drew Chart", "Pat Draft",
    "Dawn Reader", "Miles Street", "Penny Cash", "Ray Light", "Sandy Beach", "Victor Small", "Iris Green",
    "Jack Service",
)  # fmt: skip
"""People whose names are common words, also of programmes."""

OWN_SCRIPT: Final = (
    "Ελένη Παπαδοπούλου", "Дмитрий Шевченко", "Оксана Бондаренко", "Κώστας Βλάχος", "Светлана Кузнецова",
    "Γιάννης Ζερβός", "Андрій Мороз", "Δέσποινα Δράκου",
)  # fmt: skip
"""Names in the scripts that the fonts of the looks have."""

STREETS: Final = ("Alder", "Birchwood", "Canal", "Dunmore", "Elm", "Foundry", "Garrison", "Hawthorn", "Ivy", "Juniper")
PLACES: Final = (
    ("Duluth", "MN", "55802"), ("Macon", "GA", "31201"), ("Tacoma", "WA", "98402"), ("Akron", "OH", "44308"),
    ("Laredo", "TX", "78040"), ("Bangor", "ME", "04401"), ("Reading", "PA", "19601"), ("Mobile", "AL", "36602"),
    ("Boise", "ID", "83702"), ("Fargo", "ND", "58102"), ("Salem", "OR", "97301"), ("Eugene", "OR", "97401"),
)  # fmt: skip
COUNTRIES: Final = ("India", "Jordan", "Georgia", "Poland", "Chad", "Turkey", "Cuba", "Mexico", "Niger", "Oman")
DOMAINS: Final = ("example.org", "mail.example.com", "corp.example.net", "example.edu", "post.example")
EMPLOYERS: Final = (
    "Brightwater Logistics", "Halden Mutual", "Orchard Foods", "Sterling Point", "Kestrel Labs", "Northgate Rail",
    "Copperline Energy", "Maplewood Clinic", "Tidewater Shipping", "Fernhill Schools",
)  # fmt: skip
TITLES: Final = (
    "Claims Analyst", "Payroll Specialist", "Staff Engineer", "Site Reliability Engineer", "Account Executive",
    "Nurse Manager", "Recruiter", "Controller", "Product Designer", "Warehouse Lead", "Paralegal", "Data Scientist",
)  # fmt: skip
DEPARTMENTS: Final = ("Finance", "Platform", "People", "Legal", "Field Sales", "Nursing", "Logistics", "Research")
